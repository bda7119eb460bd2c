namespace MultiProc.Protocol.Control;

/// <summary>
/// The error codes of the control protocol, besides those of JSON-RPC itself. Documented in <c>docs/control.md</c>.
/// </summary>
internal static class ControlErrorCode
{
    /// <summary>JSON-RPC: the message is not JSON.</summary>
    public const int ParseError = -32700;

    /// <summary>JSON-RPC: the message is not a request.</summary>
    public const int InvalidRequest = -32600;

    /// <summary>JSON-RPC: there is no such method.</summary>
    public const int MethodNotFound = -32601;

    /// <summary>JSON-RPC: the parameters do not fit.</summary>
    public const int InvalidParameters = -32602;

    /// <summary>The Language Server Protocol: cancelled on the client's request.</summary>
    public const int Cancelled = -32800;

    /// <summary>The function threw.</summary>
    public const int FunctionFailed = 1;

    /// <summary>The worker died while it ran the function.</summary>
    public const int WorkerLost = 2;

    /// <summary>The function ran past its limit.</summary>
    public const int TimedOut = 3;

    /// <summary>The pool does not serve this function, or serves none.</summary>
    public const int NotServed = 4;

    /// <summary>The pool is ending, or cannot do this.</summary>
    public const int Refused = 5;
}
