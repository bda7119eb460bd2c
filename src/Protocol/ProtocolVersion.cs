namespace MultiProc.Protocol;

/// <summary>
/// The version of the worker protocol. Raise it whenever a message, a record or the status page changes: both sides
/// must have the same number.
/// </summary>
/// <remarks>
/// The parts of the protocol, and the types that implement them:
/// <code>
/// host                                                                  worker
/// Messages/WorkerSetup           ─── standard input, once ──►  WorkerSession: pipe, secret, handles
/// Wire/PipeListener              ◄── Wire/Handshake ────────   greeting; the reply is one byte
///
/// Rpc/RpcLink (StreamJsonRpc)    ◄══ frames over one pipe ══►  Rpc/WorkerLink (without StreamJsonRpc)
///   Rpc/FrameMessageHandler      ┌────────┬────────┬─────────┐
///   Wire/FrameReader             │ length │ number │ message │  Wire/FrameReader
///   Wire/QueuedFrameSink         └────────┴────────┴────┬────┘  Wire/FrameBuilder
///   Messages/MessageFormatter                           │       Messages/IncomingMessage
///                                Messages/Envelope: JSON-RPC 2.0 in MessagePack
///                                Messages/Parameters: WorkUnits (run), ResultRecord (done), numbers, texts
///
/// Memory/SharedBufferPool        ◄══ shared memory ═════════►  large arguments and results
/// Status/JournalReader           ◄══ Status/StatusPage ═════   running item, results not sent yet
/// </code>
/// All of it is described in <c>docs/protocol.md</c>.
/// </remarks>
internal static class ProtocolVersion
{
    public const ushort Current = 11;
}
