using MessagePack;
using StreamJsonRpc.Protocol;

namespace MultiProc.Protocol.Messages;

/// <summary>An answer, which is read when it is known what was asked for.</summary>
internal sealed class IncomingResult(ReadOnlyMemory<byte> result) : JsonRpcResult
{
    public override T GetResult<T>()
    {
        var reader = new MessagePackReader(result);
        return (T)Parameters.Read(ref reader, typeof(T))!;
    }
}
