using System.Text.Json.Serialization;
using StreamJsonRpc;
using StreamJsonRpc.Protocol;

namespace MultiProc.Protocol.Control;

/// <summary>The types of the JSON-RPC library that travel on a control pipe beside the messages' own: in cancellations, and in errors that nobody expected.</summary>
[JsonSerializable(typeof(RequestId))]
[JsonSerializable(typeof(CommonErrorData))]
internal sealed partial class RpcTypes : JsonSerializerContext;
