using System.Globalization;

namespace MultiProc.Sharing;

/// <summary>Names a lock by its block and its place in it, since values and arrays have a lock inside.</summary>
internal static class SharedLockHandle
{
    private const char Separator = '#';

    public static string Of(SharedBlock block, int offset) => string.Create(CultureInfo.InvariantCulture, $"{block.Handle}{Separator}{offset}");

    public static (SharedBlock Block, int Offset) Attach(string handle)
    {
        var separator = handle.LastIndexOf(Separator);
        if (separator < 0 || !int.TryParse(handle.AsSpan(separator + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var offset))
        {
            throw new ArgumentException($"'{handle}' is not the handle of a SharedLock.", nameof(handle));
        }

        // They all have their lock in front, as far as it is one's to hand over.
        return offset == 0
            ? (SharedBlock.Attach(handle[..separator], RobustLock.Size, SharedKind.Lock, SharedKind.Value, SharedKind.Array), offset)
            : throw new ArgumentException($"'{handle}' is not the handle of a SharedLock.", nameof(handle));
    }
}
