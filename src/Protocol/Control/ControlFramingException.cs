namespace MultiProc.Protocol.Control;

/// <summary>
/// The exception for input of a control pipe that cannot be split into messages, or exceeds a limit. The connection
/// ends.
/// </summary>
/// <param name="code">The JSON-RPC error code for the other side.</param>
/// <param name="message">What is wrong.</param>
internal sealed class ControlFramingException(int code, string message) : IOException(message)
{
    public int Code => code;
}
