using System.Buffers;
using MultiProc.Protocol.Messages;
using MultiProc.Protocol.Wire;
using StreamJsonRpc;
using StreamJsonRpc.Protocol;

namespace MultiProc.Unit.Wire;

public sealed class MessageFormatterTests
{
    private static readonly string[] Scopes = ["s", "t"];

    private static readonly WorkUnit[] Units =
    [
        new(1, 0, 1, IsSequence: false, IsTimed: true, default, Block(10)),
        new(2, 5, 3, IsSequence: true, IsTimed: false, Block(200), Block(100_000)),
        new(3, 0, 1, IsSequence: false, IsTimed: false, default, Block(70_000)),
    ];

    public static TheoryData<JsonRpcMessage> Messages() =>
    [
        Request(Methods.Cancel, [long.MaxValue, -1, 0], [typeof(long), typeof(int), typeof(int)]),
        Request(Methods.Recall, [new long[] { 1, -2, 300_000_000_000 }], [typeof(long[])]),
        Request(Methods.Assign, [3, "w3"], [typeof(int), typeof(string)]),
        Request(Methods.Report, [1L, 2, new ReadOnlyMemory<byte>(Block(300))], [typeof(long), typeof(int), typeof(ReadOnlyMemory<byte>)]),
        Request(Methods.Log, [1, "a", null, Scopes], [typeof(int), typeof(string), typeof(string), typeof(string[])]),
        Request(Methods.Shutdown, [], []),
        Request(Methods.Initialize, [new ReadOnlyMemory<byte>(Block(5)), default(ReadOnlyMemory<byte>)], [typeof(ReadOnlyMemory<byte>), typeof(ReadOnlyMemory<byte>)], 7),
        new JsonRpcResult { RequestId = new RequestId(8), Result = 42, ResultDeclaredType = typeof(int) },
        new JsonRpcError { RequestId = new RequestId(9), Error = new() { Code = JsonRpcErrorCode.MethodNotFound, Message = "none" } },
    ];

    [Theory]
    [MemberData(nameof(Messages), DisableDiscoveryEnumeration = true)]
    public void Each_message_is_understood_by_the_librarys_own_formatter_and_the_other_way_round(JsonRpcMessage message)
    {
        using var library = new MessagePackFormatter();
        var own = new MessageFormatter();

        Assert.Equal(Describe(message, message), Describe(Pass(message, own, library), message));
        Assert.Equal(Describe(message, message), Describe(Pass(message, library, own), message));
        Assert.Equal(Describe(message, message), Describe(Pass(message, own, own), message));
    }

    [Fact]
    public void Calls_come_back_as_they_were_written_and_stay_when_the_next_frame_is_read()
    {
        var frame = Written(Methods.Run, new ReadOnlyMemory<WorkUnit>(Units));
        var next = Written(Methods.Run, new ReadOnlyMemory<WorkUnit>([Units[0] with { Body = new byte[100_000] }]));
        var frames = new FrameReader(new MemoryStream([.. Framed(frame, 0), .. Framed(next, 1)]));
        Assert.True(frames.TryRead(out var read));
        var message = IncomingMessage.Read(read, frames, buffers: null);
        Assert.Equal(Methods.Run, message.Method);
        var units = message.ReadUnits();
        Assert.True(frames.TryRead(out _));

        Assert.Equal(Units.Select(Describe), units.Select(Describe));
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(300, 0)]
    [InlineData(25, 100_000)]
    public void Results_come_back_as_they_were_written(int head, int rest)
    {
        var block = Block(head + rest);
        var frame = Written(Methods.Done, new RecordBlock(block.AsMemory(0, head), block.AsMemory(head)));

        var request = Assert.IsType<JsonRpcRequest>(MessageFormatter.Read(frame));

        Assert.Equal(Methods.Done, request.Method);
        Assert.Equal(block, Assert.IsType<ReadOnlyMemory<byte>>(Assert.Single(request.ArgumentsList!)).ToArray());
    }

    [Fact]
    public void A_method_is_not_given_what_it_does_not_take()
    {
        var request = Assert.IsType<IncomingRequest>(new MessageFormatter().Deserialize(new ReadOnlySequence<byte>(Written(Methods.Assign, "text"))), exactMatch: false);

        Assert.False(request.TryGetArgumentByNameOrIndex(null, 0, typeof(int), out _));
        Assert.False(request.TryGetArgumentByNameOrIndex(null, 1, typeof(string), out _));
        Assert.True(request.TryGetArgumentByNameOrIndex(null, 0, typeof(string), out var text));
        Assert.Equal("text", text);
    }

    [Fact]
    public void What_no_message_carries_is_refused_by_whoever_would_send_it() =>
        Assert.Throws<NotSupportedException>(static () => Written(Methods.Assign, Guid.Empty));

    private static JsonRpcRequest Request(string method, object?[] arguments, Type[] types, long? id = null) =>
        new() { Method = method, ArgumentsList = arguments, ArgumentListDeclaredTypes = types, RequestId = id is { } number ? new RequestId(number) : RequestId.NotSpecified };

    private static JsonRpcMessage Pass(JsonRpcMessage message, IJsonRpcMessageFormatter writer, IJsonRpcMessageFormatter reader)
    {
        var buffer = new ArrayBufferWriter<byte>();
        writer.Serialize(buffer, message);
        return reader.Deserialize(new ReadOnlySequence<byte>(buffer.WrittenMemory));
    }

    private static string Describe(JsonRpcMessage message, JsonRpcMessage original) => message switch
    {
        JsonRpcRequest request => $"{request.Method} {request.RequestId} {string.Join(' ', ((JsonRpcRequest)original).ArgumentListDeclaredTypes!.Select((type, i) => Argument(request, i, type)))}",
        JsonRpcResult result => $"{result.RequestId} {result.GetResult<int>()}",
        JsonRpcError error => $"{error.RequestId} {error.Error!.Code} {error.Error.Message}",
        _ => throw new ArgumentException(message.ToString()),
    };

    private static string Argument(JsonRpcRequest request, int index, Type type)
    {
        Assert.True(request.TryGetArgumentByNameOrIndex(null, index, type, out var value));
        return value switch
        {
            null => "null",
            ReadOnlyMemory<byte> block => Convert.ToHexString(block.Span),
            long[] numbers => string.Join(',', numbers),
            string[] texts => string.Join(',', texts),
            _ => value.ToString()!,
        };
    }

    private static byte[] Block(int length) => [.. Enumerable.Range(0, length).Select(static i => (byte)(i * 13))];

    private static byte[] Framed(byte[] message, byte number) =>
        [(byte)(message.Length >> 24), (byte)(message.Length >> 16), (byte)(message.Length >> 8), (byte)message.Length, 0, 0, 0, number, .. message];

    private static byte[] Written(string method, object argument)
    {
        var frame = new FrameBuilder();
        MessageFormatter.Write(Request(method, [argument], [argument.GetType()]), frame.Begin(), frame);
        using var stream = new MemoryStream();
        frame.End().WriteTo(stream);
        return stream.ToArray()[FrameReader.HeaderLength..];
    }

    private static string Describe(WorkUnit unit) =>
        $"{unit.Id} {unit.FirstItem} {unit.Count} {unit.IsSequence} {unit.IsTimed} {Convert.ToHexString(unit.Function.Span)} {Convert.ToHexString(unit.Body.Span)}";
}
