namespace MultiProc.Protocol.Wire;

/// <summary>The host's one-byte answer to a greeting.</summary>
internal enum HandshakeStatus : byte
{
    Accepted = 0,
    NotAWorker = 1,
    WrongVersion = 2,
    WrongSecret = 3,

    /// <summary>Never sent: the other side hung up.</summary>
    Closed = 255,
}
