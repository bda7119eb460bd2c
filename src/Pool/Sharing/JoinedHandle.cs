namespace MultiProc.Sharing;

/// <summary>The handle of an object that consists of a block and a separate memory for its content.</summary>
internal static class JoinedHandle
{
    private const char Separator = '|';

    public static string Join(string block, string memory) => block + Separator + memory;

    public static (string Block, string Memory) Split(string handle) =>
        handle.Split(Separator) is [var block, var memory]
            ? (block, memory)
            : throw new ArgumentException($"'{handle}' is not the handle of a SharedArray or SharedQueue.", nameof(handle));
}
