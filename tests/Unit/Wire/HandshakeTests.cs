using MultiProc.Protocol.Wire;

namespace MultiProc.Unit.Wire;

public sealed class HandshakeTests
{
    private const int VersionOffset = 4;
    private const int SecretOffset = 10;

    private static readonly byte[] Secret = Handshake.CreateSecret();

    [Fact]
    public void A_worker_with_the_secret_is_welcome()
    {
        var pipe = new TrickleStream(Greeting(), most: 5);

        Assert.Equal(HandshakeStatus.Accepted, Handshake.Receive(pipe, Secret));
        Assert.Equal([(byte)HandshakeStatus.Accepted], pipe.Written);
    }

    [Theory]
    [InlineData(0, nameof(HandshakeStatus.NotAWorker))]
    [InlineData(3, nameof(HandshakeStatus.NotAWorker))]
    [InlineData(VersionOffset, nameof(HandshakeStatus.WrongVersion))]
    [InlineData(VersionOffset + 1, nameof(HandshakeStatus.WrongVersion))]
    [InlineData(SecretOffset, nameof(HandshakeStatus.WrongSecret))]
    [InlineData(SecretOffset + Handshake.SecretLength - 1, nameof(HandshakeStatus.WrongSecret))]
    public void Who_gets_a_byte_wrong_is_told_why_and_refused(int wrongByte, string status)
    {
        var expected = Enum.Parse<HandshakeStatus>(status);
        var greeting = Greeting();
        greeting[wrongByte] ^= 1;
        var pipe = new TrickleStream(greeting);

        Assert.Equal(expected, Handshake.Receive(pipe, Secret));
        Assert.Equal([(byte)expected], pipe.Written);
    }

    [Fact]
    public void A_greeting_that_is_cut_short_is_not_answered()
    {
        var greeting = Greeting();
        for (var length = 0; length < greeting.Length; length++)
        {
            var pipe = new TrickleStream(greeting[..length]);
            Assert.Equal(HandshakeStatus.Closed, Handshake.Receive(pipe, Secret));
            Assert.Empty(pipe.Written);
        }
    }

    [Fact]
    public void A_worker_that_is_refused_says_why() =>
        Assert.Equal(
            HandshakeStatus.WrongVersion,
            Assert.Throws<HandshakeException>(static () => Handshake.SendGreeting(new TrickleStream([(byte)HandshakeStatus.WrongVersion]), Secret)).Status);

    [Fact]
    public void A_worker_whose_host_hangs_up_says_so() =>
        Assert.Equal(
            HandshakeStatus.Closed, Assert.Throws<HandshakeException>(static () => Handshake.SendGreeting(new TrickleStream([]), Secret)).Status);

    [Fact]
    public void Secrets_are_long_and_differ()
    {
        Assert.Equal(32, Secret.Length);
        Assert.NotEqual(Secret, Handshake.CreateSecret());
    }

    private static byte[] Greeting()
    {
        var pipe = new TrickleStream([(byte)HandshakeStatus.Accepted]);
        Handshake.SendGreeting(pipe, Secret);
        return pipe.Written;
    }
}
