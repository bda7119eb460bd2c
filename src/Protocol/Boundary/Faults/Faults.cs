using System.Buffers;
using MessagePack;

namespace MultiProc.Protocol.Boundary;

/// <summary>
/// Brings exceptions home: the exception itself if it can be rebuilt, and always its type's name, message and stack trace as text.
/// </summary>
internal static class Faults
{
    /// <summary>Writes <paramref name="exception"/> in its best faithful form. Never throws.</summary>
    public static void Write(IBufferWriter<byte> output, Exception exception)
    {
        var node = Describe(exception);
        var writer = new MessagePackWriter(output);
        node.Write(ref writer);
        writer.Flush();
    }

    private static FaultNode Describe(Exception exception)
    {
        try
        {
            return FaultNode.Of(exception);
        }
        catch (Exception thrown)
        {
            // An exception that cannot even be looked at still has a type, and the call still ends.
            return FaultNode.Bare(exception.GetType(), $"(the exception cannot be read: {thrown.GetType().Name})");
        }
    }

    /// <summary>
    /// Reads what <see cref="Write"/> wrote; <paramref name="rebuild"/> makes the substitute of an inner exception that cannot be rebuilt.
    /// </summary>
    /// <exception cref="BoundaryFormatException">The bytes are not a fault.</exception>
    public static RemoteFault Read(ReadOnlyMemory<byte> input, Func<RemoteFault, Exception> rebuild)
    {
        try
        {
            var reader = new MessagePackReader(input);
            return FaultNode.Read(ref reader, 0).Rebuild(rebuild, isOutermost: true);
        }
        catch (Exception exception) when (exception is not (BoundaryFormatException or OutOfMemoryException))
        {
            throw new BoundaryFormatException($"A fault cannot be read: {exception.Message}", exception);
        }
    }
}
