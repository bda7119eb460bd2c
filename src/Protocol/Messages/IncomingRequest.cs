using MessagePack;
using StreamJsonRpc.Protocol;

namespace MultiProc.Protocol.Messages;

/// <summary>
/// A request or notification whose parameters are decoded when the types of the method's parameters are known.
/// </summary>
/// <param name="parameters">The parameters, an array that is valid until the message has been handled.</param>
internal sealed class IncomingRequest(ReadOnlyMemory<byte> parameters) : JsonRpcRequest
{
    private readonly int _count = parameters.IsEmpty ? 0 : new MessagePackReader(parameters).ReadArrayHeader();

    public override int ArgumentCount => _count;

    public override bool TryGetArgumentByNameOrIndex(string? name, int position, Type? typeHint, out object? value)
    {
        value = null;
        if (position < 0 || position >= _count || typeHint is null)
        {
            return false;
        }

        try
        {
            var reader = new MessagePackReader(parameters);
            reader.ReadArrayHeader();
            for (var before = position; before > 0; before--)
            {
                Parameters.Skip(ref reader);
            }

            value = Parameters.Read(ref reader, typeHint);
            return true;
        }
        catch (MessagePackSerializationException)
        {
            // JsonRpc then answers, or logs, that the method does not accept this.
            return false;
        }
    }
}
