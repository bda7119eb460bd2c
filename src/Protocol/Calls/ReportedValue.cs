using MultiProc.Boundary;

namespace MultiProc.Protocol.Calls;

/// <summary>What a function reports to a progress object, as bytes.</summary>
internal static class ReportedValue
{
    /// <summary>Copies a value.</summary>
    /// <param name="value">What is reported.</param>
    /// <param name="live">What of it crosses live.</param>
    /// <param name="maxBytes">The most bytes that it may take.</param>
    /// <exception cref="BoundaryException">Something in it cannot cross, or it is too large.</exception>
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
