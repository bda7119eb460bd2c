using MultiProc.Boundary;

namespace MultiProc.Protocol.Calls;

/// <summary>The encoding of a value that a function reports to a progress object.</summary>
internal static class ReportedValue
{
    /// <summary>Encodes a value.</summary>
    /// <param name="value">The value.</param>
    /// <param name="live">The exporter of live objects.</param>
    /// <param name="maxBytes">The maximum size in bytes.</param>
    /// <exception cref="BoundaryException">Something in it cannot be serialized, or it is too large.</exception>
    public static ReadOnlyMemory<byte> Encode<T>(T value, ILiveExports live, long maxBytes)
    {
        var body = new ByteBuffer { Limit = maxBytes };
        using var writer = new BoundaryWriter(body, live);
        try
        {
            writer.Write(value, "value");
        }
        catch (InsufficientMemoryException)
        {
            throw TooLarge(typeof(T), maxBytes);
        }

        return body.WrittenCount <= maxBytes ? body.WrittenMemory : throw TooLarge(typeof(T), maxBytes);
    }

    private static BoundaryException TooLarge(Type type, long maxBytes) =>
        new("value", type, $"What was reported, of type {type}, takes more than {maxBytes:N0} bytes. Report less, or raise ProcessPoolOptions.MaxResultBytes.");
}
