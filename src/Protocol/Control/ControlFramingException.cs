namespace MultiProc.Protocol.Control;

/// <summary>What came over a control pipe cannot be cut into messages, or exceeds a limit: the connection ends.</summary>
/// <param name="code">The JSON-RPC error that the other side is told.</param>
/// <param name="message">What is wrong.</param>
internal sealed class ControlFramingException(int code, string message) : IOException(message)
{
    public int Code => code;
}
