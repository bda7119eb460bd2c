namespace MultiProc.Protocol.Wire;

/// <summary>
/// A complete message for the pipe, including its length: <paramref name="First"/>, and then the blocks that were too
/// large to be worth copying. <paramref name="First"/> is valid during the call that passes it; the rest does not
/// change.
/// </summary>
internal readonly record struct Frame(ReadOnlyMemory<byte> First, ReadOnlyMemory<byte>[]? Rest)
{
    /// <summary>The total length in bytes.</summary>
    public long Length => First.Length + (Rest?.Sum(static part => (long)part.Length) ?? 0);

    /// <summary>A copy that stays valid.</summary>
    public Frame Copy() => this with { First = First.ToArray() };

    public void WriteTo(Stream stream)
    {
        stream.Write(First.Span);
        foreach (var part in Rest ?? [])
        {
            stream.Write(part.Span);
        }
    }
}
