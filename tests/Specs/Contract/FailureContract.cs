namespace MultiProc.Specs.Contract;

/// <summary>What a caller gets when the function throws, or when something cannot be copied.</summary>
public abstract class FailureContract(SharedPool shared) : SharedPoolSpec(shared)
{
    [Spec]
    public async Task An_exception_keeps_its_type_message_data_and_inner_exceptions()
    {
        var thrown = await Assert.ThrowsAsync<InvalidDataException>(() => Pool.RunAsync(static () =>
        {
            throw new InvalidDataException("outer", new KeyNotFoundException("inner", new FormatException("innermost"))) { Data = { ["line"] = 12 }, HelpLink = "help" };
        }));

        Assert.Equal(("outer", 12, "help"), (thrown.Message, thrown.Data["line"], thrown.HelpLink));
        Assert.Equal("inner", Assert.IsType<KeyNotFoundException>(thrown.InnerException).Message);
        Assert.Equal("innermost", Assert.IsType<FormatException>(thrown.InnerException.InnerException).Message);
    }

    [Spec]
    public async Task An_exception_keeps_its_own_properties()
    {
        var thrown = await Assert.ThrowsAsync<OrderException>(() => Pool.ApplyAsync(Refuse, 17));
        var argument = await Assert.ThrowsAsync<ArgumentOutOfRangeException>(
            () => Pool.ApplyAsync(static (int count) => ArgumentOutOfRangeException.ThrowIfNegative(count), -5));

        Assert.Equal((17, "order 17 is void"), (thrown.Order, thrown.Message));
        Assert.Equal(("count", -5), (argument.ParamName, argument.ActualValue));
    }

    [Spec]
    public async Task Its_text_shows_the_stack_of_the_worker_with_file_and_line()
    {
        var thrown = await Assert.ThrowsAsync<OrderException>(() => Pool.ApplyAsync(Refuse, 17));

        Assert.Matches(@"FailureContract\.Refuse\(Int32 \w+\) in .*FailureContract\.cs:line \d+", thrown.ToString());
    }

    [Spec]
    public async Task A_blocking_call_throws_the_same_not_an_aggregate()
    {
        Assert.Equal(18, Assert.Throws<OrderException>(() => Pool.Apply(Refuse, 18)).Order);
        Assert.Equal(19, Assert.Throws<OrderException>(() => Pool.Map(Refuse, [19])).Order);
        await Task.CompletedTask;
    }

    [Spec]
    public async Task An_aggregate_that_the_function_threw_stays_one()
    {
        var thrown = await Assert.ThrowsAsync<AggregateException>(() => Pool.RunAsync(static () =>
        {
            throw new AggregateException("both", new FormatException("one"), new TimeoutException("two"));
        }));

        Assert.Equal(["one", "two"], thrown.InnerExceptions.Select(static inner => inner.Message));
    }

    [Spec]
    public async Task An_exception_of_an_async_function_is_its_own()
    {
        var thrown = await Assert.ThrowsAsync<OrderException>(() => Pool.RunAsync(static async () =>
        {
            await Task.Yield();
            return Refuse(20);
        }));

        Assert.Equal(20, thrown.Order);
    }

    [Spec]
    public async Task An_exception_that_is_returned_is_a_value()
    {
        var returned = await Pool.RunAsync(static () => new OrderException(5));

        Assert.Equal(5, returned.Order);
    }

    [Spec]
    public async Task An_exception_that_cannot_be_rebuilt_still_tells_what_it_was()
    {
        var thrown = await Assert.ThrowsAnyAsync<Exception>(() => Pool.RunAsync(static () =>
        {
            throw new HandleException(new BufferedStream(Stream.Null));
        }));

        Assert.Contains("it holds a stream", thrown.Message, StringComparison.Ordinal);
        Assert.Contains(nameof(HandleException), thrown.ToString(), StringComparison.Ordinal);
        Assert.Contains(nameof(An_exception_that_cannot_be_rebuilt_still_tells_what_it_was), thrown.ToString(), StringComparison.Ordinal);
    }

    [Spec]
    public async Task An_argument_that_cannot_be_copied_is_refused_with_its_path()
    {
        var order = new Order { Lines = [new Line { Source = new BufferedStream(Stream.Null) }] };

        var only = await Assert.ThrowsAsync<NotSerializableException>(() => Pool.ApplyAsync(static (Order o) => o.Lines.Count, order));
        var second = await Assert.ThrowsAsync<NotSerializableException>(() => Pool.ApplyAsync(static (int x, Order o) => o.Lines.Count + x, 1, order));
        var captured = await Assert.ThrowsAsync<NotSerializableException>(() => Pool.RunAsync(() => order.Lines.Count));
        var item = await Assert.ThrowsAsync<NotSerializableException>(() => Pool.MapAsync(static (Order o) => o.Lines.Count, [new Order(), order]));

        Assert.Equal(
            ["arg.Lines[0].Source", "arg2.Lines[0].Source", "order.Lines[0].Source", "arg.Lines[0].Source"],
            new[] { only, second, captured, item }.Select(static refusal => refusal.Path));
        Assert.Equal(typeof(BufferedStream), only.Type);
        Assert.Equal(1L, item.Data["Index"]);
    }

    [Spec]
    public async Task Twenty_results_in_a_row_that_cannot_be_copied_cost_no_worker()
    {
        var workers = Pool.Workers.Select(static worker => worker.ProcessId).ToArray();
        for (var i = 0; i < 20; i++)
        {
            var refusal = await Assert.ThrowsAsync<NotSerializableException>(
                () => Pool.RunAsync(static () => new List<object> { 1, new FileStream("/dev/null", FileMode.Open) }));
            Assert.Equal(("result[1]", typeof(FileStream)), (refusal.Path, refusal.Type));
        }

        Assert.Equal(workers, Pool.Workers.Select(static worker => worker.ProcessId));
    }

    private static int Refuse(int order) => throw new OrderException(order);

    public sealed class OrderException(int order) : Exception($"order {order} is void")
    {
        public int Order { get; } = order;
    }

    public sealed class HandleException(Stream stream) : Exception("it holds a stream")
    {
        public Stream Stream { get; } = stream;
    }

    public sealed class Order
    {
        public List<Line> Lines { get; init; } = [];
    }

    public sealed class Line
    {
        public Stream? Source { get; init; }
    }
}

public sealed class FailuresInWorkers(TwoWorkers shared) : FailureContract(shared), IClassFixture<TwoWorkers>;

public sealed class FailuresInThisProcess(NoWorkers shared) : FailureContract(shared), IClassFixture<NoWorkers>;
