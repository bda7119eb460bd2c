using System.Buffers;
using MessagePack;
using MessagePack.Resolvers;
using MultiProc.Protocol.Messages;
using MultiProc.Protocol.Wire;
using StreamJsonRpc;
using StreamJsonRpc.Protocol;

namespace MultiProc.Unit.Wire;

public sealed class BulkMessagesTests
{
    private static readonly long[] Ids = [1];

    private static readonly WorkUnit[] Units =
    [
        new(1, 0, 1, IsSequence: false, IsTimed: true, default, Block(10)),
        new(2, 5, 3, IsSequence: true, IsTimed: false, Block(200), Block(100_000)),
        new(3, 0, 1, IsSequence: false, IsTimed: false, default, Block(70_000)),
    ];

    [Fact]
    public void Calls_are_on_the_wire_what_the_formatter_makes_of_them() =>
        Assert.Equal(Formatted(Methods.Run, Units, typeof(WorkUnit[])), Written(Methods.Run, Units));

    [Theory]
    [InlineData(0, 0)]
    [InlineData(300, 0)]
    [InlineData(25, 100_000)]
    public void Results_are_on_the_wire_what_the_formatter_makes_of_them(int head, int rest)
    {
        var block = Block(head + rest);
        Assert.Equal(
            Formatted(Methods.Done, new ReadOnlyMemory<byte>(block), typeof(ReadOnlyMemory<byte>)),
            Written(Methods.Done, new RecordBlock(block.AsMemory(0, head), block.AsMemory(head))));
    }

    [Fact]
    public void Calls_come_back_as_they_were_written_and_stay_when_the_next_frame_is_read()
    {
        var frame = Written(Methods.Run, Units);
        var next = Written(Methods.Run, new[] { Units[0] with { Body = new byte[100_000] } });
        var frames = new FrameReader(new MemoryStream([.. Framed(frame, 0), .. Framed(next, 1)]));
        Assert.True(frames.TryRead(out var read));
        var request = Assert.IsType<JsonRpcRequest>(BulkMessages.TryRead(read, frames));
        Assert.True(frames.TryRead(out _));

        Assert.Equal(Methods.Run, request.Method);
        var units = Assert.IsType<WorkUnit[]>(Assert.Single(request.ArgumentsList!));
        Assert.Equal(Units.Select(Describe), units.Select(Describe));
    }

    [Fact]
    public void Other_messages_are_left_to_the_formatter()
    {
        var frames = new FrameReader(Stream.Null);
        Assert.False(BulkMessages.TryWrite(Request(Methods.Recall, Ids, typeof(long[])), new ByteBuffer(), new FrameBuilder()));
        Assert.Null(BulkMessages.TryRead(Formatted(Methods.Recall, Ids, typeof(long[])), frames));
    }

    private static byte[] Block(int length) => [.. Enumerable.Range(0, length).Select(static i => (byte)(i * 13))];

    private static byte[] Framed(byte[] message, byte number) =>
        [(byte)(message.Length >> 24), (byte)(message.Length >> 16), (byte)(message.Length >> 8), (byte)message.Length, 0, 0, 0, number, .. message];

    private static JsonRpcRequest Request(string method, object argument, Type type) =>
        new() { Method = method, ArgumentsList = [argument], ArgumentListDeclaredTypes = [type] };

    private static byte[] Written(string method, object argument)
    {
        var frame = new FrameBuilder();
        var buffer = frame.Begin();
        Assert.True(BulkMessages.TryWrite(Request(method, argument, argument.GetType()), buffer, frame));
        using var stream = new MemoryStream();
        frame.End().WriteTo(stream);
        return stream.ToArray()[FrameReader.HeaderLength..];
    }

    private static byte[] Formatted(string method, object argument, Type type)
    {
        using var formatter = new MessagePackFormatter();
        formatter.SetMessagePackSerializerOptions(
            MessagePackSerializerOptions.Standard.WithResolver(CompositeResolver.Create([new WorkUnitsFormatter()], [BuiltinResolver.Instance])));
        var buffer = new ArrayBufferWriter<byte>();
        formatter.Serialize(buffer, Request(method, argument, type));
        return buffer.WrittenSpan.ToArray();
    }

    private static string Describe(WorkUnit unit) =>
        $"{unit.Id} {unit.FirstItem} {unit.Count} {unit.IsSequence} {unit.IsTimed} {Convert.ToHexString(unit.Function.Span)} {Convert.ToHexString(unit.Body.Span)}";
}
