namespace MultiProc.Protocol.Control;

/// <summary>How much one client of a control pipe can make the pool keep. Documented in <c>docs/control.md</c>.</summary>
internal static class ControlLimits
{
    /// <summary>Bytes of a message behind its header, in either direction.</summary>
    public const int MaxMessageBytes = 64 << 20;

    /// <summary>Bytes of a message's header.</summary>
    public const int MaxHeaderBytes = 8_192;

    /// <summary>Lines of a message's header.</summary>
    public const int MaxHeaderLines = 32;

    /// <summary>Requests of one connection that have not been answered. While there are that many, nothing more is read from it.</summary>
    public const int MaxOpenRequests = 1_024;

    /// <summary>Bytes that wait for one client to read them. While there are that many, nothing more is read from it.</summary>
    public const int UnreadBytesThatStopReading = 8 << 20;

    /// <summary>Bytes that wait for one client to read them. Above it the connection is ended.</summary>
    public const int MaxUnreadBytes = 128 << 20;

    /// <summary>Bytes of requests and answers that all connections of one pool hold. The connection that would exceed it is ended.</summary>
    public const long MaxBytesOfPool = 256L << 20;

    /// <summary>Connections of one pool at the same time.</summary>
    public const int MaxConnections = 512;

    /// <summary>Notifications of changes per second, of all connections of one pool together.</summary>
    public const int MaxChangesPerSecond = 1_000;

    /// <summary>How long the header of a message may take from its first byte.</summary>
    public static readonly TimeSpan HeaderTimeout = TimeSpan.FromSeconds(10);

    /// <summary>How long a message may stand still in its middle.</summary>
    public static readonly TimeSpan BodyTimeout = TimeSpan.FromSeconds(30);

    /// <summary>A client that has not read anything for so long makes room for another one when there are as many as there may be.</summary>
    public static readonly TimeSpan StalledAfter = TimeSpan.FromSeconds(5);
}
