using System.IO.Pipelines;
using System.Text;
using MultiProc.Protocol.Control;

namespace MultiProc.Unit.Control;

public sealed class ControlMessageReaderTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(100_000)]
    public async Task Messages_come_whole_however_their_bytes_come(int block)
    {
        byte[][] bodies = [[], "{}"u8.ToArray(), [.. Enumerable.Range(0, 300_000).Select(static i => (byte)i)], "x"u8.ToArray()];
        var bytes = bodies.SelectMany(static body => (byte[])
        [
            .. Encoding.ASCII.GetBytes($"Content-Type: application/vscode-jsonrpc; charset=utf-8\r\ncontent-length:  {body.Length} \r\nOther: x\r\n\r\n"), .. body,
        ]).ToArray();
        var budget = new ControlBudget(1 << 20);
        using var reader = new ControlMessageReader(new Blocks(bytes, block), budget);

        foreach (var body in bodies)
        {
            var message = await reader.ReadAsync(Token);
            Assert.Equal(body, message);
            budget.Return(message!.Length);
        }

        Assert.Null(await reader.ReadAsync(Token));
        Assert.True(budget.TryTake(1 << 20));
    }

    [Fact]
    public async Task A_header_has_so_many_lines_and_bytes_and_no_more()
    {
        await RefusedAsync(string.Concat(Enumerable.Repeat("a: b\r\n", 33)) + "\r\n");
        await RefusedAsync("a: " + new string('x', 9_000));
        await RefusedAsync("a: " + new string('x', 9_000) + "\r\nContent-Length: 0\r\n\r\n");
        await RefusedAsync("Content-Length: 67108865\r\n\r\n");
    }

    [Fact]
    public async Task What_a_message_took_of_the_budget_comes_back_when_it_breaks_off()
    {
        var budget = new ControlBudget(1 << 20);
        using var reader = new ControlMessageReader(new Blocks(Encoding.ASCII.GetBytes("Content-Length: 500000\r\n\r\n" + new string('x', 200_000)), 1_000), budget);

        await Assert.ThrowsAsync<IOException>(async () => await reader.ReadAsync(Token));

        Assert.True(budget.TryTake(1 << 20));
    }

    [Fact]
    public async Task Beyond_the_budget_nothing_is_kept()
    {
        var budget = new ControlBudget(100_000);
        using var reader = new ControlMessageReader(new Blocks(Encoding.ASCII.GetBytes("Content-Length: 500000\r\n\r\n" + new string('x', 500_000)), 1_000), budget);

        await Assert.ThrowsAsync<ControlFramingException>(async () => await reader.ReadAsync(Token));

        Assert.True(budget.TryTake(100_000));
    }

    [Fact]
    public async Task A_message_that_is_not_finished_waits_for_nobody_but_its_token()
    {
        var pipe = new Pipe();
        await pipe.Writer.WriteAsync("Content-Length: 5\r\n\r\nabc"u8.ToArray(), Token);
        using var reader = new ControlMessageReader(pipe.Reader.AsStream(), new ControlBudget(1_000_000));
        using var end = new CancellationTokenSource();
        var reading = reader.ReadAsync(end.Token).AsTask();

        await end.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => reading);
    }

    private static async Task RefusedAsync(string text)
    {
        using var reader = new ControlMessageReader(new Blocks(Encoding.ASCII.GetBytes(text), 100), new ControlBudget(1 << 20));
        Assert.Equal(ControlErrorCode.InvalidRequest, (await Assert.ThrowsAsync<ControlFramingException>(async () => await reader.ReadAsync(Token))).Code);
    }

    /// <summary>A stream that gives its bytes in blocks.</summary>
    private sealed class Blocks(byte[] bytes, int block) : MemoryStream(bytes)
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            base.ReadAsync(buffer[..Math.Min(block, buffer.Length)], cancellationToken);
    }
}
