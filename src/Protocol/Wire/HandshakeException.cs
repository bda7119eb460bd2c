namespace MultiProc.Protocol.Wire;

/// <summary>The exception for a worker that the host has rejected.</summary>
internal sealed class HandshakeException(HandshakeStatus status)
    : Exception($"The host refused the handshake: {status} (this worker speaks protocol version {ProtocolVersion.Current}).")
{
    public HandshakeStatus Status { get; } = status;
}
