using MessagePack;
using MultiProc.Calls;
using MultiProc.Live;
using MultiProc.Protocol.Memory;

namespace MultiProc.Unit.Calls;

public sealed class CallEncoderTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_getter_that_throws_leaves_no_block_behind_whatever_it_throws(bool isRefusal)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Areas exist only on Linux.");
        using var buffers = SharedBufferPool.TryCreate()!;
        object last = isRefusal ? new BufferedStream(Stream.Null) : new Failing();
        var captured = 1;
        var function = (byte[] _, object _) => captured;

        for (var i = 0; i < 3; i++)
        {
            Assert.NotNull(Record.Exception(() => CallEncoder.Arguments((new byte[1 << 20], last), new LiveExports(static _ => { }), buffers)));
            Assert.NotNull(Record.Exception(() => CallEncoder.Call(function, (new byte[1 << 20], last), new LiveExports(static _ => { }), buffers)));
        }

        Assert.Equal(0, buffers.TryRent(1)!.Offset);
    }
}

[MessagePackObject]
public sealed class Failing
{
    private string? _failure = "This getter fails.";

    [Key(0)]
    public int Value
    {
        get => _failure is null ? 0 : throw new TimeoutException(_failure);
        set => _failure = null;
    }
}
