namespace MultiProc.Specs.Contract;

/// <summary>Every form of ApplyAsync and Apply, with one to eight arguments.</summary>
public abstract class ApplyContract(SharedPool shared) : SharedPoolSpec(shared)
{
    [Spec]
    public async Task Functions_of_one_to_eight_arguments()
    {
        Task<int>[] calls =
        [
            Pool.ApplyAsync(static (int a) => a, 1),
            Pool.ApplyAsync(static (int a, int b) => a + b, 1, 2),
            Pool.ApplyAsync(static (int a, int b, int c) => a + b + c, 1, 2, 3),
            Pool.ApplyAsync(static (int a, int b, int c, int d) => a + b + c + d, 1, 2, 3, 4),
            Pool.ApplyAsync(static (int a, int b, int c, int d, int e) => a + b + c + d + e, 1, 2, 3, 4, 5),
            Pool.ApplyAsync(static (int a, int b, int c, int d, int e, int f) => a + b + c + d + e + f, 1, 2, 3, 4, 5, 6),
            Pool.ApplyAsync(static (int a, int b, int c, int d, int e, int f, int g) => a + b + c + d + e + f + g, 1, 2, 3, 4, 5, 6, 7),
            Pool.ApplyAsync(static (int a, int b, int c, int d, int e, int f, int g, int h) => a + b + c + d + e + f + g + h, 1, 2, 3, 4, 5, 6, 7, 8),
        ];

        int[] expected = [1, 3, 6, 10, 15, 21, 28, 36];
        Assert.Equal(expected, await Task.WhenAll(calls));
    }

    [Spec]
    public async Task Async_functions_of_one_to_eight_arguments()
    {
        Task<int>[] calls =
        [
            Pool.ApplyAsync(static async (int a) => await Later(a), 1),
            Pool.ApplyAsync(static async (int a, int b) => await Later(a + b), 1, 2),
            Pool.ApplyAsync(static async (int a, int b, int c) => await Later(a + b + c), 1, 2, 3),
            Pool.ApplyAsync(static async (int a, int b, int c, int d) => await Later(a + b + c + d), 1, 2, 3, 4),
            Pool.ApplyAsync(static async (int a, int b, int c, int d, int e) => await Later(a + b + c + d + e), 1, 2, 3, 4, 5),
            Pool.ApplyAsync(static async (int a, int b, int c, int d, int e, int f) => await Later(a + b + c + d + e + f), 1, 2, 3, 4, 5, 6),
            Pool.ApplyAsync(static async (int a, int b, int c, int d, int e, int f, int g) => await Later(a + b + c + d + e + f + g), 1, 2, 3, 4, 5, 6, 7),
            Pool.ApplyAsync(static async (int a, int b, int c, int d, int e, int f, int g, int h) => await Later(a + b + c + d + e + f + g + h), 1, 2, 3, 4, 5, 6, 7, 8),
        ];
        Task<int>[] valueTasks =
        [
            Pool.ApplyAsync(static (int a) => ValueTask.FromResult(a), 1),
            Pool.ApplyAsync(static (int a, int b) => ValueTask.FromResult(a + b), 1, 2),
            Pool.ApplyAsync(static (int a, int b, int c) => ValueTask.FromResult(a + b + c), 1, 2, 3),
            Pool.ApplyAsync(static (int a, int b, int c, int d) => ValueTask.FromResult(a + b + c + d), 1, 2, 3, 4),
            Pool.ApplyAsync(static (int a, int b, int c, int d, int e) => ValueTask.FromResult(a + b + c + d + e), 1, 2, 3, 4, 5),
            Pool.ApplyAsync(static (int a, int b, int c, int d, int e, int f) => ValueTask.FromResult(a + b + c + d + e + f), 1, 2, 3, 4, 5, 6),
            Pool.ApplyAsync(static (int a, int b, int c, int d, int e, int f, int g) => ValueTask.FromResult(a + b + c + d + e + f + g), 1, 2, 3, 4, 5, 6, 7),
            Pool.ApplyAsync(static (int a, int b, int c, int d, int e, int f, int g, int h) => ValueTask.FromResult(a + b + c + d + e + f + g + h), 1, 2, 3, 4, 5, 6, 7, 8),
        ];

        int[] expected = [1, 3, 6, 10, 15, 21, 28, 36];
        Assert.Equal(expected, await Task.WhenAll(calls));
        Assert.Equal(expected, await Task.WhenAll(valueTasks));
    }

    [Spec]
    public async Task Actions_of_one_to_eight_arguments()
    {
        using var scratch = new Scratch();
        var ran = scratch.Journal();

        await Pool.ApplyAsync(static (Journal ran) => ran.Add(0), ran);
        await Pool.ApplyAsync(static (Journal ran, int a) => ran.Add(a), ran, 1);
        await Pool.ApplyAsync(static (Journal ran, int a, int b) => ran.Add(a + b), ran, 1, 2);
        await Pool.ApplyAsync(static (Journal ran, int a, int b, int c) => ran.Add(a + b + c), ran, 1, 2, 3);
        await Pool.ApplyAsync(static (Journal ran, int a, int b, int c, int d) => ran.Add(a + b + c + d), ran, 1, 2, 3, 4);
        await Pool.ApplyAsync(static (Journal ran, int a, int b, int c, int d, int e) => ran.Add(a + b + c + d + e), ran, 1, 2, 3, 4, 5);
        await Pool.ApplyAsync(static (Journal ran, int a, int b, int c, int d, int e, int f) => ran.Add(a + b + c + d + e + f), ran, 1, 2, 3, 4, 5, 6);
        await Pool.ApplyAsync(static (Journal ran, int a, int b, int c, int d, int e, int f, int g) => ran.Add(a + b + c + d + e + f + g), ran, 1, 2, 3, 4, 5, 6, 7);

        Assert.Equal(["0", "1", "3", "6", "10", "15", "21", "28"], ran.Lines());
    }

    [Spec]
    public async Task Async_actions_of_one_to_eight_arguments_are_awaited()
    {
        using var scratch = new Scratch();
        var ran = scratch.Journal();

        await Pool.ApplyAsync(static async (Journal ran) => ran.Add(await Later(0)), ran);
        await Pool.ApplyAsync(static async (Journal ran, int a) => ran.Add(await Later(a)), ran, 1);
        await Pool.ApplyAsync(static async (Journal ran, int a, int b) => ran.Add(await Later(a + b)), ran, 1, 2);
        await Pool.ApplyAsync(static async (Journal ran, int a, int b, int c) => ran.Add(await Later(a + b + c)), ran, 1, 2, 3);
        await Pool.ApplyAsync(static async (Journal ran, int a, int b, int c, int d) => ran.Add(await Later(a + b + c + d)), ran, 1, 2, 3, 4);
        await Pool.ApplyAsync(static async (Journal ran, int a, int b, int c, int d, int e) => ran.Add(await Later(a + b + c + d + e)), ran, 1, 2, 3, 4, 5);
        await Pool.ApplyAsync(static async (Journal ran, int a, int b, int c, int d, int e, int f) => ran.Add(await Later(a + b + c + d + e + f)), ran, 1, 2, 3, 4, 5, 6);
        await Pool.ApplyAsync(static async (Journal ran, int a, int b, int c, int d, int e, int f, int g) => ran.Add(await Later(a + b + c + d + e + f + g)), ran, 1, 2, 3, 4, 5, 6, 7);
        await Pool.ApplyAsync(static (Journal ran) => new ValueTask(Task.Run(() => ran.Add("value task"))), ran);

        Assert.Equal(["0", "1", "3", "6", "10", "15", "21", "28", "value task"], ran.Lines());
    }

    [Spec]
    public async Task Blocking_functions_of_one_to_eight_arguments()
    {
        int[] now =
        [
            Pool.Apply(static (int a) => a, 1),
            Pool.Apply(static (int a, int b) => a + b, 1, 2),
            Pool.Apply(static (int a, int b, int c) => a + b + c, 1, 2, 3),
            Pool.Apply(static (int a, int b, int c, int d) => a + b + c + d, 1, 2, 3, 4),
            Pool.Apply(static (int a, int b, int c, int d, int e) => a + b + c + d + e, 1, 2, 3, 4, 5),
            Pool.Apply(static (int a, int b, int c, int d, int e, int f) => a + b + c + d + e + f, 1, 2, 3, 4, 5, 6),
            Pool.Apply(static (int a, int b, int c, int d, int e, int f, int g) => a + b + c + d + e + f + g, 1, 2, 3, 4, 5, 6, 7),
            Pool.Apply(static (int a, int b, int c, int d, int e, int f, int g, int h) => a + b + c + d + e + f + g + h, 1, 2, 3, 4, 5, 6, 7, 8),
        ];
        int[] later =
        [
            Pool.Apply(static async (int a) => await Later(a), 1),
            Pool.Apply(static async (int a, int b) => await Later(a + b), 1, 2),
            Pool.Apply(static async (int a, int b, int c) => await Later(a + b + c), 1, 2, 3),
            Pool.Apply(static async (int a, int b, int c, int d) => await Later(a + b + c + d), 1, 2, 3, 4),
            Pool.Apply(static async (int a, int b, int c, int d, int e) => await Later(a + b + c + d + e), 1, 2, 3, 4, 5),
            Pool.Apply(static async (int a, int b, int c, int d, int e, int f) => await Later(a + b + c + d + e + f), 1, 2, 3, 4, 5, 6),
            Pool.Apply(static async (int a, int b, int c, int d, int e, int f, int g) => await Later(a + b + c + d + e + f + g), 1, 2, 3, 4, 5, 6, 7),
            Pool.Apply(static async (int a, int b, int c, int d, int e, int f, int g, int h) => await Later(a + b + c + d + e + f + g + h), 1, 2, 3, 4, 5, 6, 7, 8),
        ];

        int[] expected = [1, 3, 6, 10, 15, 21, 28, 36];
        Assert.Equal(expected, now);
        Assert.Equal(expected, later);
        await Task.CompletedTask;
    }

    [Spec]
    public async Task Blocking_actions_have_run_on_return()
    {
        using var scratch = new Scratch();
        var ran = scratch.Journal();

        Pool.Apply(static (Journal ran) => ran.Add("action"), ran);
        Pool.Apply(static async (Journal ran, int x) => ran.Add(await Later(x)), ran, 2);

        Assert.Equal(["action", "2"], ran.Lines());
        await Task.CompletedTask;
    }

    [Spec]
    public async Task Method_groups_with_options_and_token()
    {
        using var cancellation = new CancellationTokenSource();

        Assert.Equal(7, await Pool.ApplyAsync(TestFunctions.Arithmetic.Add, 3, 4));
        Assert.Equal(9, await Pool.ApplyAsync(TestFunctions.Arithmetic.Square, 3, new CallOptions { Name = "square" }, cancellation.Token));
        Assert.Equal(5, await Pool.ApplyAsync(Later, 5));
        Assert.Equal(6, Pool.Apply(Later, 6));
    }

    [Spec]
    public async Task Null_is_an_argument_and_a_result_like_any_other()
    {
        Assert.Null(await Pool.ApplyAsync(static (string? text) => text, (string?)null));
        Assert.Null(await Pool.ApplyAsync(static (int? number, string text) => number, (int?)null, "x"));
    }

    private static async Task<int> Later(int value)
    {
        await Task.Delay(5);
        return value;
    }
}

public sealed class ApplyInWorkers(TwoWorkers shared) : ApplyContract(shared), IClassFixture<TwoWorkers>;

public sealed class ApplyInThisProcess(NoWorkers shared) : ApplyContract(shared), IClassFixture<NoWorkers>;
