using System.Text;
using MultiProc.Protocol.Control;

namespace MultiProc.Unit.Control;

public sealed class RequestShapeTests
{
    [Theory]
    [InlineData("""{"jsonrpc":"2.0","id":1,"method":"m","params":{"a":[1]}}""", """{"jsonrpc":"2.0","id":1,"method":"m","params":{"a":[1]}}""")]
    [InlineData("""{"jsonrpc":"2.0","id":1,"method":"m"} """, """{"jsonrpc":"2.0","id":1,"method":"m","params":{}}""")]
    [InlineData("""{"jsonrpc":"2.0","params": null ,"id":1,"method":"m"}""", """{"jsonrpc":"2.0","params": {} ,"id":1,"method":"m"}""")]
    [InlineData("""{"jsonrpc":"2.0","params":[ ],"id":1,"method":"m"}""", """{"jsonrpc":"2.0","params":{},"id":1,"method":"m"}""")]
    public void A_request_has_an_object_as_its_parameters(string json, string expected)
    {
        var shape = RequestShape.Of(Encoding.UTF8.GetBytes(json));

        Assert.Null(shape.Error);
        Assert.False(shape.IsNotification);
        Assert.Equal(1, shape.Id.Number);
        Assert.Equal(expected, Encoding.UTF8.GetString(shape.Json.Span));
    }

    [Theory]
    [InlineData("""{"jsonrpc":"2.0","method":"m"}""", false)]
    [InlineData("""{"jsonrpc":"2.0","method":"$/cancelRequest","params":{"id":1}}""", true)]
    [InlineData("""{"jsonrpc":"2.0","method":"$/other","params":{"id":1}}""", false)]
    public void A_notification_is_told_from_a_cancellation(string json, bool isCancellation)
    {
        var shape = RequestShape.Of(Encoding.UTF8.GetBytes(json));

        Assert.Null(shape.Error);
        Assert.Equal((true, isCancellation), (shape.IsNotification, shape.IsCancellation));
    }

    [Fact]
    public void Whatever_the_bytes_are_they_are_a_request_or_an_error()
    {
        var random = new Random(1);
        var request = """{"jsonrpc":"2.0","id":"a","method":"pool/call","params":{"function":"f","arguments":[1,"\ud83d\ude00",null]}}"""u8.ToArray();
        for (var round = 0; round < 50_000; round++)
        {
            var bytes = (byte[])request.Clone();
            for (var i = random.Next(1, 6); i > 0; i--)
            {
                bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            }

            var shape = RequestShape.Of(bytes[..random.Next(bytes.Length + 1)]);

            Assert.True(shape.Error is { Code: ControlErrorCode.ParseError or ControlErrorCode.InvalidRequest or ControlErrorCode.InvalidParameters or ControlErrorCode.MethodNotFound }
                || !shape.Json.IsEmpty);
        }
    }
}
