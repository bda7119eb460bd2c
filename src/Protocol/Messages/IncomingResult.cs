using MessagePack;
using StreamJsonRpc.Protocol;

namespace MultiProc.Protocol.Messages;

/// <summary>An answer that is decoded when the type of the result is known.</summary>
internal sealed class IncomingResult(ReadOnlyMemory<byte> result) : JsonRpcResult
{
    public override T GetResult<T>()
    {
        var reader = new MessagePackReader(result);
        return (T)Parameters.Read(ref reader, typeof(T))!;
    }
}
