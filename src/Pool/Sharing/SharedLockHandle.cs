using System.Globalization;

namespace MultiProc.Sharing;

/// <summary>The handle of a lock: its block and its offset there, since values and arrays contain a lock.</summary>
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

        // All kinds whose lock can be passed on have it at offset 0.
        return offset == 0
            ? (SharedBlock.Attach(handle[..separator], RobustLock.Size, SharedKind.Lock, SharedKind.Value, SharedKind.Array), offset)
            : throw new ArgumentException($"'{handle}' is not the handle of a SharedLock.", nameof(handle));
    }
}
