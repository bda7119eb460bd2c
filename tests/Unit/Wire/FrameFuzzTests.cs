using System.Buffers.Binary;
using CsCheck;
using MultiProc.Protocol.Messages;
using MultiProc.Protocol.Wire;

namespace MultiProc.Unit.Wire;

public sealed class FrameFuzzTests
{
    [Fact]
    public Task Random_bytes_end_the_link_with_a_reason() =>
        Gen.Byte.Array[1, 200].SampleAsync(SendAsync, iter: 200);

    [Fact]
    public Task Frames_of_random_bytes_end_the_link_with_a_reason() =>
        Gen.Byte.Array[0, 200].SampleAsync(static content => SendAsync(Frame(content)), iter: 200);

    [Fact]
    public Task A_true_message_with_wrong_bytes_in_it_ends_the_link_or_is_handled()
    {
        var message = CaptureAsync();
        return Gen.Select(Gen.Int[0, 10_000], Gen.Byte).Array[1, 4].SampleAsync(
            async faults =>
            {
                var bytes = (await message).ToArray();
                foreach (var (at, value) in faults)
                {
                    bytes[FrameReader.HeaderLength + (at % (bytes.Length - FrameReader.HeaderLength))] = value;
                }

                await SendAsync(bytes);
            },
            iter: 300);
    }

    [Fact]
    public Task A_message_that_is_nested_without_end_ends_the_link_with_a_reason() =>
        SendAsync(Frame([.. Enumerable.Repeat((byte)0x91, 500_000)]));

    [Fact]
    public Task A_message_that_hides_endless_nesting_in_a_member_nobody_knows_ends_the_link_with_a_reason()
    {
        // { "jsonrpc": "2.0", "x": [[[[...
        byte[] head = [0x82, 0xa7, .. "jsonrpc"u8, 0xa3, .. "2.0"u8, 0xa1, .. "x"u8];
        return SendAsync(Frame([.. head, .. Enumerable.Repeat((byte)0x91, 500_000)]));
    }

    private static async Task SendAsync(byte[] bytes)
    {
        await using var pair = new LinkPair();
        pair.Link.On(Methods.Run, static (WorkUnit[] _) => { });
        pair.Link.On(Methods.Done, static (ReadOnlyMemory<byte> _) => { });
        pair.Link.On(Methods.Cancel, static (long _, int _, int _) => { });
        pair.Link.Start();
        await pair.Other.WriteAsync(bytes);
        await pair.Other.DisposeAsync();

        Assert.NotEmpty(await pair.ReasonAsync());
        await SendToWorkerAsync(bytes);
    }

    private static async Task SendToWorkerAsync(byte[] bytes)
    {
        await using var pair = new WorkerLinkPair();
        pair.Link.Start(static (ref IncomingMessage message) =>
        {
            switch (message.Method)
            {
                case Methods.Run:
                    message.ReadUnits();
                    break;
                case Methods.Cancel:
                    message.ReadInt64();
                    break;
            }
        });
        await pair.Host.WriteAsync(bytes);
        await pair.Host.DisposeAsync();

        await pair.ClosedAsync();
    }

    // What a real link sends for three units of work.
    private static async Task<byte[]> CaptureAsync()
    {
        await using var pair = new LinkPair();
        pair.Link.Start();
        var unit = new WorkUnit(1, 0, 3, true, false, new byte[] { 1, 2, 3 }, new byte[] { 4, 5, 6 });
        pair.Link.Notify(Methods.Run, [new ReadOnlyMemory<WorkUnit>([unit, unit, unit])]);
        var header = new byte[FrameReader.HeaderLength];
        await pair.Other.ReadExactlyAsync(header);
        var content = new byte[BinaryPrimitives.ReadInt32BigEndian(header)];
        await pair.Other.ReadExactlyAsync(content);
        return [.. header, .. content];
    }

    private static byte[] Frame(byte[] content)
    {
        var frame = new byte[FrameReader.HeaderLength + content.Length];
        BinaryPrimitives.WriteInt32BigEndian(frame, content.Length);
        content.CopyTo(frame, FrameReader.HeaderLength);
        return frame;
    }
}
