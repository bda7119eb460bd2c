namespace MultiProc.Protocol.Wire;

/// <summary>
/// One message, ready for the pipe, length and all: <paramref name="First"/>, and what follows it where large blocks were not worth copying together.
/// <paramref name="First"/> is valid during the call that hands it over; the rest does not change.
/// </summary>
internal readonly record struct Frame(ReadOnlyMemory<byte> First, ReadOnlyMemory<byte>[]? Rest)
{
    /// <summary>Bytes of it, in all.</summary>
    public long Length => First.Length + (Rest?.Sum(static part => (long)part.Length) ?? 0);

    /// <summary>A frame that lasts.</summary>
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
