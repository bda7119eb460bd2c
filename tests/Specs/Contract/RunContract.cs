namespace MultiProc.Specs.Contract;

/// <summary>Every form of RunAsync, told apart by the compiler alone, and awaited in the worker where it returns a task.</summary>
public abstract class RunContract(SharedPool shared) : SharedPoolSpec(shared)
{
    [Spec]
    public async Task Lambdas_with_a_result()
    {
        var captured = 40;
        Task<int> now = Pool.RunAsync(static () => 1);
        Task<int> capturing = Pool.RunAsync(() => captured + 2);
        Task<int> later = Pool.RunAsync(static async () =>
        {
            await Task.Delay(1);
            return 3;
        });
        Task<int> task = Pool.RunAsync(static () => Task.FromResult(4));
        Task<int> valueTask = Pool.RunAsync(static () => ValueTask.FromResult(5));
        Task<string?> none = Pool.RunAsync(static () => (string?)null);

        int[] expected = [1, 42, 3, 4, 5];
        Assert.Equal(expected, await Task.WhenAll(now, capturing, later, task, valueTask));
        Assert.Null(await none);
    }

    [Spec]
    public async Task Lambdas_without_a_result()
    {
        using var scratch = new Scratch();
        var ran = scratch.Journal();

        await Pool.RunAsync(() => ran.Add("action"));
        await Pool.RunAsync(async () =>
        {
            await Task.Delay(20);
            ran.Add("async");
        });
        await Pool.RunAsync(() => Task.Run(() => ran.Add("task")));
        await Pool.RunAsync(() => new ValueTask(Task.Run(() => ran.Add("value task"))));
        await Pool.RunAsync(async Task () =>
        {
            await Task.Yield();
            ran.Add("typed");
        });

        Assert.Equal(["action", "async", "task", "value task", "typed"], ran.Lines());
    }

    [Spec]
    public async Task Lambdas_that_take_the_calls_own_token()
    {
        using var scratch = new Scratch();
        var ran = scratch.Journal();

        Task<bool> now = Pool.RunAsync(static token => token.CanBeCanceled);
        Task<bool> later = Pool.RunAsync(static async token =>
        {
            await Task.Delay(1, token);
            return token.CanBeCanceled;
        });
        Task<bool> valueTask = Pool.RunAsync(static token => ValueTask.FromResult(token.CanBeCanceled));
        await Pool.RunAsync(token => ran.Add(token.CanBeCanceled));
        await Pool.RunAsync(async token =>
        {
            await Task.Delay(20, token);
            ran.Add(token.CanBeCanceled);
        });

        Assert.True(await now && await later && await valueTask);
        Assert.Equal(["True", "True"], ran.Lines());
    }

    [Spec]
    public async Task Method_groups_and_local_functions()
    {
        static int Local() => 5;
        var offset = 3;
        int Capturing() => offset + 3;

        Task<int> method = Pool.RunAsync(Four);
        Task<int> asynchronous = Pool.RunAsync(FourAsync);
        Task<int> valueTask = Pool.RunAsync(FourValueAsync);
        Task<bool> withToken = Pool.RunAsync(CanBeCanceled);
        Task<bool> withTokenAsync = Pool.RunAsync(CanBeCanceledAsync);
        Task nothing = Pool.RunAsync(Nothing);
        Task nothingAsync = Pool.RunAsync(NothingAsync);

        int[] expected = [4, 4, 4, 5, 6];
        Assert.Equal(expected, await Task.WhenAll(method, asynchronous, valueTask, Pool.RunAsync(Local), Pool.RunAsync(Capturing)));
        Assert.True(await withToken && await withTokenAsync);
        await nothing;
        await nothingAsync;
    }

    [Spec]
    public async Task Methods_of_objects_bring_a_copy_of_the_object()
    {
        var counter = new Counter(10);

        var counted = await Pool.RunAsync(counter.Next);

        Assert.Equal((11, 10), (counted, counter.Value));
    }

    [Spec]
    public async Task A_null_function_is_refused_by_the_call_itself()
    {
        Assert.Throws<ArgumentNullException>(() => { _ = Pool.RunAsync((Func<int>)null!); });
        Assert.Throws<ArgumentNullException>(() => { _ = Pool.RunAsync((Action)null!); });
        Assert.Throws<ArgumentNullException>(() => { _ = Pool.RunAsync((Func<CancellationToken, Task>)null!); });
        Assert.Throws<ArgumentNullException>(() => { _ = Pool.ApplyAsync((Func<int, int>)null!, 1); });
        Assert.Throws<ArgumentNullException>(() => Pool.Apply((Func<int, int>)null!, 1));
        Assert.Throws<ArgumentNullException>(() => { _ = Pool.BroadcastAsync((Action)null!); });
        await Task.CompletedTask;
    }

    [Spec]
    public async Task Options_out_of_range_are_refused_by_the_call_itself()
    {
        CallOptions[] wrong =
        [
            new() { Timeout = TimeSpan.Zero }, new() { Timeout = TimeSpan.FromSeconds(-2) }, new() { Timeout = TimeSpan.MaxValue },
            new() { MaxAttempts = 0 }, new() { MaxAttempts = -1 },
        ];

        Assert.All(wrong, options => Assert.ThrowsAny<ArgumentException>(() => { _ = Pool.RunAsync(static () => 1, options); }));
        Assert.All(wrong, options => Assert.ThrowsAny<ArgumentException>(() => { _ = Pool.ApplyAsync(static (int x) => x, 1, options); }));
        Assert.All(wrong, options => Assert.ThrowsAny<ArgumentException>(() => Pool.Apply(static (int x) => x, 1, options)));
        await Task.CompletedTask;
    }

    private static int Four() => 4;

    private static Task<int> FourAsync() => Task.FromResult(4);

    private static ValueTask<int> FourValueAsync() => ValueTask.FromResult(4);

    private static bool CanBeCanceled(CancellationToken token) => token.CanBeCanceled;

    private static Task<bool> CanBeCanceledAsync(CancellationToken token) => Task.FromResult(token.CanBeCanceled);

    private static void Nothing()
    {
    }

    private static Task NothingAsync() => Task.CompletedTask;

    private sealed class Counter(int value)
    {
        public int Value { get; private set; } = value;

        public int Next() => ++Value;
    }
}

public sealed class RunInWorkers(TwoWorkers shared) : RunContract(shared), IClassFixture<TwoWorkers>;

public sealed class RunInThisProcess(NoWorkers shared) : RunContract(shared), IClassFixture<NoWorkers>;
