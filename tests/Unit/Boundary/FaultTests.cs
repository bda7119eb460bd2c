using System.Buffers;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text.Json;
using MultiProc.Boundary;

namespace MultiProc.Unit.Boundary;

public sealed class FaultTests
{
    public static TheoryData<Exception> Framework()
    {
        using var source = new CancellationTokenSource();
        return
        [
            new InvalidOperationException("m"), new Exception(), new ArgumentException("m", "p"), new ArgumentNullException("p"),
            new ArgumentOutOfRangeException("p", 5, "m"), new FileNotFoundException("m", "f.txt"), new FileNotFoundException(null, "f.txt"),
            new DirectoryNotFoundException("m"), new IOException("m", 42), new ObjectDisposedException("name", "m"),
            new KeyNotFoundException("m"),
            new OperationCanceledException("m", source.Token), new TaskCanceledException(Task.FromCanceled(new CancellationToken(true))),
            new TimeoutException("m"), new NotSupportedException("m"), new DivideByZeroException(), new OverflowException(),
            new NullReferenceException(),
            new IndexOutOfRangeException(), new InvalidCastException("m"), new FormatException("m"), new OutOfMemoryException("m"),
            new System.Net.Sockets.SocketException(10061), new HttpRequestException(
                HttpRequestError.ConnectionError, "m", null, System.Net.HttpStatusCode.BadGateway),
            new JsonException("m", "$.a", 1, 2), new System.Xml.XmlException("m", null, 3, 4), new BadImageFormatException("m", "f"),
            new TypeLoadException("m"), new MissingMethodException("C", "M"), new System.ComponentModel.Win32Exception(5, "m"),
            new System.Globalization.CultureNotFoundException("p", "xx", "m"), new UnauthorizedAccessException("m"),
            new RuntimeWrappedException("wrapped"),
            new ReflectionTypeLoadException([typeof(int), null], [new TypeLoadException("inner"), null]), new SwitchExpressionException(5),
            new TargetInvocationException("m", new FormatException("inner")), new TypeInitializationException(
                "T", new FormatException("inner")),
            new System.Text.DecoderFallbackException("m", [1, 2], 3), new AggregateException(
                "m", new FormatException("1"), new AggregateException(new FormatException("2"))),
            new System.Runtime.InteropServices.COMException("m", unchecked((int)0x80004005)), new InsufficientExecutionStackException("m"),
        ];
    }

    [Theory]
    [MemberData(nameof(Framework))]
    public void A_framework_exception_comes_home_as_itself(Exception exception)
    {
        exception.HelpLink = "help";
        exception.Data["key"] = new List<int> { 1 };
        var copy = Home(Throw(exception)).Exception!;
        Assert.IsType(exception.GetType(), copy);
        Assert.Equal(exception.Message, copy.Message);
        foreach (var property in exception.GetType().GetProperties().Where(property => property.GetIndexParameters().Length == 0

                && property.Name is not ("StackTrace" or "TargetSite" or "Data" or "InnerException" or "InnerExceptions" or "CancellationToken" or "Task" or "LoaderExceptions")))
        {
            Assert.Equal(property.GetValue(exception), property.GetValue(copy));
        }

        Assert.Equal([1], (List<int>)copy.Data["key"]!);
        Assert.Equal(exception.InnerException?.Message, copy.InnerException?.Message);
    }

    [Fact]
    public void Its_text_shows_the_stack_trace_with_file_and_line_above_the_frames_of_this_process()
    {
        var exception = Home(Throw(new InvalidOperationException("boom", Throw(new FormatException("inner"))))).Exception!;
        Assert.Contains("FaultTests.cs:line", exception.ToString());
        Assert.Contains("FaultTests.cs:line", exception.InnerException!.StackTrace);
        var thrown = Assert.Throws<InvalidOperationException>(() => Rethrow(exception));
        var text = thrown.ToString();
        Assert.True(text.IndexOf(nameof(Throw), StringComparison.Ordinal) < text.IndexOf(nameof(Rethrow), StringComparison.Ordinal));
    }

    [Fact]
    public void An_exception_of_the_user_keeps_its_own_members()
    {
        var copy = Assert.IsType<OrderException>(Home(Throw(new OrderException(7, new Order { Id = 7, Lines = { "a" } }))).Exception);
        Assert.Equal(7, copy.OrderId);
        Assert.Equal("a", copy.Order.Lines[0]);
        Assert.Equal("order 7", copy.Message);
        Assert.IsType<Odd<int>>(Home(Throw(new Odd<int>(5, "x"))).Exception);
        Assert.True(Catches(() => throw Home(new OrderException(7, new Order())).Exception!));
    }

    [Fact]
    public void Members_that_cannot_cross_are_left_out_when_the_rest_still_works()
    {
        var copy = Assert.IsType<WithStream>(
            Home(new WithStream("m") { Stream = new BufferedStream(new MemoryStream()), Code = 5, Token = new CancellationTokenSource().Token }).Exception);
        Assert.Equal("m", copy.Message);
        Assert.Equal(5, copy.Code);
        Assert.Null(copy.Stream);
        var withData = new InvalidOperationException("m") { Data = { ["stream"] = Stream.Null, ["number"] = 5 } };
        Assert.Equal(5, Home(withData).Exception!.Data["number"]);
    }

    [Fact]
    public void An_exception_that_needs_what_cannot_cross_comes_as_text()
    {
        var fault = Home(Throw(new NeedsStream(new BufferedStream(new MemoryStream([1, 2, 3])))));
        Assert.Null(fault.Exception);
        Assert.Equal(typeof(NeedsStream).FullName, fault.TypeName);
        Assert.Equal("3 bytes", fault.Message);
        Assert.Contains(nameof(Throw), fault.StackTrace);
    }

    [Fact]
    public void A_substitute_stands_for_an_inner_exception_that_cannot_be_rebuilt()
    {
        var fault = Home(new InvalidOperationException("outer", new NeedsStream(new BufferedStream(new MemoryStream([1])))));
        Assert.Equal("substitute: 1 bytes", Assert.IsType<InvalidOperationException>(fault.Exception).InnerException!.Message);
        Assert.Equal(typeof(NeedsStream).FullName, fault.Inner!.TypeName);
        var aggregate = Home(new AggregateException(new FormatException("a"), new NeedsStream(new BufferedStream(new MemoryStream([1]))))).Exception;
        Assert.Equal(
            ["a", "substitute: 1 bytes"], Assert.IsType<AggregateException>(aggregate).InnerExceptions.Select(inner => inner.Message));
    }

    [Fact]
    public void Getters_that_throw_do_no_harm()
    {
        var fault = Home(Throw(new Hostile()));
        Assert.Contains("threw", fault.Message);
        Assert.IsType<Hostile>(fault.Exception);
    }

    [Fact]
    public void Cycles_and_depth_end()
    {
        var cyclic = new OrderException(1, new Order());
        SetInner(cyclic, new InvalidOperationException("between", cyclic));
        cyclic.Data["self"] = cyclic;
        var copy = Assert.IsType<OrderException>(Home(cyclic).Exception);
        Assert.Same(copy, copy.Data["self"]);
        Assert.Equal("between", copy.InnerException!.Message);

        var deep = new InvalidOperationException("0");
        for (var i = 1; i < 10_000; i++)
        {
            deep = new InvalidOperationException($"{i}", deep);
        }

        var count = 0;
        for (var inner = Home(deep).Exception; inner is not null; inner = inner.InnerException)
        {
            count++;
        }

        Assert.InRange(count, 50, 100);
        var wide = new AggregateException(Enumerable.Range(0, 5_000).Select(i => new FormatException($"{i}")));
        Assert.IsType<AggregateException>(Home(wide).Exception);
        Assert.True(Encode(new InvalidOperationException(new string('x', 50_000_000))).Length < 10_000_000);
    }

    [Fact]
    public void Bytes_that_are_no_fault_are_told_so()
    {
        var bytes = Encode(Throw(new OrderException(1, new Order())));
        for (var length = 0; length < bytes.Length - 1; length++)
        {
            Assert.Throws<BoundaryFormatException>(() => Faults.Read(bytes.AsMemory(0, length), Substitute, Trust.InWorkers));
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static Exception Throw(Exception exception)
    {
        try
        {
            throw exception;
        }
        catch (Exception thrown)
        {
            return thrown;
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Rethrow(Exception exception) => throw exception;

    private static byte[] Encode(Exception exception)
    {
        var buffer = new ArrayBufferWriter<byte>();
        Faults.Write(buffer, exception, NoLive.Instance);
        return buffer.WrittenSpan.ToArray();
    }

    private static RemoteFault Home(Exception exception) => Faults.Read(Encode(exception), Substitute, Trust.InWorkers);

    private static Exception Substitute(RemoteFault fault) => new NotImplementedException($"substitute: {fault.Message}");

    private static bool Catches(Action action)
    {
        try
        {
            action();
            return false;
        }
        catch (OrderException exception) when (exception.OrderId == 7)
        {
            return true;
        }
    }

    private static void SetInner(Exception exception, Exception inner) =>
        typeof(Exception).GetField("_innerException", BindingFlags.Instance | BindingFlags.NonPublic)!.SetValue(exception, inner);

    private sealed class Order
    {
        public int Id { get; init; }

        public List<string> Lines { get; } = [];
    }

    private sealed class OrderException(int id, Order order) : Exception($"order {id}")
    {
        public int OrderId { get; } = id;

        public Order Order { get; } = order;
    }

    private sealed class Odd<T>(T value, string text) : IOException(text)
    {
        public T Value { get; } = value;
    }

    private sealed class WithStream(string message) : Exception(message)
    {
        public Stream? Stream { get; init; }

        public int Code { get; init; }

        public CancellationToken Token { get; init; }
    }

    private sealed class NeedsStream(Stream stream) : Exception
    {
        public override string Message => $"{stream.Length} bytes";
    }

    private sealed class Hostile : Exception
    {
        public override string Message => throw new InvalidOperationException("no message");

        public override string? StackTrace => throw new InvalidOperationException("no trace");

        public override System.Collections.IDictionary Data => throw new InvalidOperationException("no data");

        public override string ToString() => throw new InvalidOperationException("no text");
    }
}
