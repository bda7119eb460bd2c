namespace MultiProc.Protocol.Wire;

/// <summary>The host did not accept this worker.</summary>
internal sealed class HandshakeException(HandshakeStatus status)
    : Exception($"The host refused the handshake: {status} (this worker speaks protocol version {ProtocolVersion.Current}).")
{
    public HandshakeStatus Status { get; } = status;
}
