namespace MultiProc.Sharing;

/// <summary>One handle for an object that consists of a block and of memory of its own for the bulk.</summary>
internal static class JoinedHandle
{
    private const char Separator = '|';

    public static string Join(string block, string memory) => block + Separator + memory;

    public static (string Block, string Memory) Split(string handle) =>
        handle.Split(Separator) is [var block, var memory]
            ? (block, memory)
            : throw new ArgumentException($"'{handle}' is not the handle of a SharedArray or SharedQueue.", nameof(handle));
}
