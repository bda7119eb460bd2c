using System.Text.Json.Serialization;
using StreamJsonRpc;
using StreamJsonRpc.Protocol;

namespace MultiProc.Protocol.Control;

/// <summary>
/// The types of the JSON-RPC library that a control pipe carries besides the messages' own: in cancellations, and in
/// unexpected errors.
/// </summary>
[JsonSerializable(typeof(RequestId))]
[JsonSerializable(typeof(CommonErrorData))]
internal sealed partial class RpcTypes : JsonSerializerContext;
