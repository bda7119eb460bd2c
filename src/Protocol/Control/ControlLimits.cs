namespace MultiProc.Protocol.Control;

/// <summary>
/// The limits of what one client of a control pipe can make the pool store. Documented in <c>docs/control.md</c>.
/// </summary>
internal static class ControlLimits
{
    /// <summary>The maximum size in bytes of a message without its header, in either direction.</summary>
    public const int MaxMessageBytes = 64 << 20;

    /// <summary>The maximum size in bytes of a message's header.</summary>
    public const int MaxHeaderBytes = 8_192;

    /// <summary>The maximum number of lines of a message's header.</summary>
    public const int MaxHeaderLines = 32;

    /// <summary>
    /// The maximum number of unanswered requests of one connection. At the limit, nothing more is read from it.
    /// </summary>
    public const int MaxOpenRequests = 1_024;

    /// <summary>The number of unread bytes of one client at which nothing more is read from it.</summary>
    public const int UnreadBytesThatStopReading = 8 << 20;

    /// <summary>The number of unread bytes of one client above which its connection is ended.</summary>
    public const int MaxUnreadBytes = 128 << 20;

    /// <summary>
    /// The maximum number of bytes of requests and answers of all connections of one pool. The connection that would
    /// exceed it is ended.
    /// </summary>
    public const long MaxBytesOfPool = 256L << 20;

    /// <summary>The maximum number of concurrent connections of one pool.</summary>
    public const int MaxConnections = 512;

    /// <summary>
    /// The maximum rate per second of change notifications, for all connections of one pool together.
    /// </summary>
    public const int MaxChangesPerSecond = 1_000;

    /// <summary>The time limit for the header of a message, from its first byte.</summary>
    public static readonly TimeSpan HeaderTimeout = TimeSpan.FromSeconds(10);

    /// <summary>The time limit between two reads within a message.</summary>
    public static readonly TimeSpan BodyTimeout = TimeSpan.FromSeconds(30);

    /// <summary>
    /// The time without a read after which a client may be disconnected in favour of a new one, when the maximum number
    /// is connected.
    /// </summary>
    public static readonly TimeSpan StalledAfter = TimeSpan.FromSeconds(5);
}
