namespace MultiProc;

/// <summary>Why a request over a pool's control pipe was refused. The values are the codes on the wire.</summary>
public enum PoolControlError
{
    /// <summary>The parameters or arguments do not fit.</summary>
    InvalidArguments = -32602,

    /// <summary>The pool does not offer this function, or none at all.</summary>
    NotServed = 4,

    /// <summary>The pool is ending, or is of a kind that cannot do this.</summary>
    Refused = 5,

    /// <summary>Another error; the message tells.</summary>
    Other = 0,
}
