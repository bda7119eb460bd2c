using System.Buffers;
using MessagePack;

namespace MultiProc.Boundary;

/// <summary>
/// Brings exceptions home: the exception itself if it can be rebuilt, and always its type's name, message and stack trace as text.
/// </summary>
internal static class Faults
{
    /// <summary>Writes <paramref name="exception"/>, which ended the call that <paramref name="live"/> belongs to, in its best faithful form. Never throws.</summary>
    public static void Write(IBufferWriter<byte> output, Exception exception, ILiveExports live)
    {
        var node = Describe(exception, live);
        var writer = new MessagePackWriter(output);
        node.Write(ref writer);
        writer.Flush();
    }

    private static FaultNode Describe(Exception exception, ILiveExports live)
    {
        try
        {
            return FaultNode.Of(exception, live);
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
    /// <param name="input">The bytes.</param>
    /// <param name="rebuild">Makes the substitute.</param>
    /// <param name="trust">What is accepted of whoever wrote them.</param>
    /// <param name="sent">The functions that were sent with the call.</param>
    /// <param name="live">The pool's rules, and its limits; null: it has none.</param>
    /// <exception cref="BoundaryFormatException">The bytes are not a fault.</exception>
    public static RemoteFault Read(ReadOnlyMemory<byte> input, Func<RemoteFault, Exception> rebuild, Trust trust, CallFunctions sent = default, ILiveImports? live = null)
    {
        try
        {
            var reader = new MessagePackReader(input);
            return FaultNode.Read(ref reader, 0).Rebuild(rebuild, trust, sent, live, isOutermost: true);
        }
        catch (Exception exception) when (exception is not (BoundaryFormatException or OutOfMemoryException))
        {
            throw new BoundaryFormatException($"A fault cannot be read: {exception.Message}", exception);
        }
    }
}
