using System.Buffers.Binary;
using System.Security.Cryptography;

namespace MultiProc.Protocol.Wire;

/// <summary>
/// The handshake: the first bytes on a pipe, before any JSON-RPC. The worker identifies itself, and the host accepts or
/// rejects it. So no byte of an unknown client ever reaches the JSON-RPC parser.
/// </summary>
internal static class Handshake
{
    public const int SecretLength = 32;

    private const int GreetingLength = 4 + sizeof(ushort) + sizeof(int) + SecretLength;

    private static ReadOnlySpan<byte> Magic => "MPRC"u8;

    public static byte[] CreateSecret() => RandomNumberGenerator.GetBytes(SecretLength);

    /// <summary>Sends the greeting and reads the reply, on the worker's side.</summary>
    /// <exception cref="HandshakeException">The host rejected the worker.</exception>
    public static void SendGreeting(Stream pipe, ReadOnlySpan<byte> secret)
    {
        Span<byte> greeting = stackalloc byte[GreetingLength];
        Magic.CopyTo(greeting);
        BinaryPrimitives.WriteUInt16BigEndian(greeting[4..], ProtocolVersion.Current);
        BinaryPrimitives.WriteInt32BigEndian(greeting[6..], Environment.ProcessId);
        secret.CopyTo(greeting[10..]);
        pipe.Write(greeting);
        pipe.Flush();

        var reply = pipe.ReadByte();
        if (reply != (int)HandshakeStatus.Accepted)
        {
            throw new HandshakeException(reply < 0 ? HandshakeStatus.Closed : (HandshakeStatus)reply);
        }
    }

    /// <summary>Reads the greeting and sends the reply, on the host's side.</summary>
    /// <returns>
    /// The status that was sent. For any other than <see cref="HandshakeStatus.Accepted"/> the caller closes the pipe.
    /// </returns>
    public static HandshakeStatus Receive(Stream pipe, ReadOnlySpan<byte> secret)
    {
        Span<byte> greeting = stackalloc byte[GreetingLength];
        if (pipe.ReadAtLeast(greeting, GreetingLength, throwOnEndOfStream: false) < GreetingLength)
        {
            return HandshakeStatus.Closed;
        }

        var status = Validate(greeting, secret);
        pipe.Write([(byte)status]);
        return status;
    }

    private static HandshakeStatus Validate(ReadOnlySpan<byte> greeting, ReadOnlySpan<byte> secret)
    {
        if (!greeting[..4].SequenceEqual(Magic))
        {
            return HandshakeStatus.NotAWorker;
        }

        if (BinaryPrimitives.ReadUInt16BigEndian(greeting[4..]) != ProtocolVersion.Current)
        {
            return HandshakeStatus.WrongVersion;
        }

        return CryptographicOperations.FixedTimeEquals(greeting[10..], secret) ? HandshakeStatus.Accepted : HandshakeStatus.WrongSecret;
    }
}
