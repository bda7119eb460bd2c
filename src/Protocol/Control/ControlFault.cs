using System.Text.Json;

namespace MultiProc.Protocol.Control;

/// <summary>The error of a request over a control pipe that was rejected or failed.</summary>
/// <param name="code">One of <see cref="ControlErrorCode"/>, or a code of JSON-RPC itself.</param>
/// <param name="message">What happened.</param>
/// <param name="detail">More about it, as an object; null: nothing.</param>
internal sealed class ControlFault(int code, string message, object? detail = null) : Exception(message)
{
    public int Code => code;

    /// <summary>For the sender.</summary>
    public object? Detail => detail;

    /// <summary>For the receiver: the detail, if it is an object.</summary>
    public JsonElement? Received => detail is JsonElement { ValueKind: JsonValueKind.Object } element ? element : null;
}
