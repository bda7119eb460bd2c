namespace MultiProc.Specs.Contract;

/// <summary>Tokens, limits and progress, where the function plays along.</summary>
public abstract class CancellationContract(SharedPool shared) : SharedPoolSpec(shared)
{
    [Spec]
    public async Task A_token_that_is_cancelled_already_never_lets_the_function_begin()
    {
        using var scratch = new Scratch();
        var ran = scratch.Mark("ran");
        using var cancellation = new CancellationTokenSource();
        await cancellation.CancelAsync();

        var exception = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Pool.RunAsync(ran.Set, cancellationToken: cancellation.Token));

        Assert.Equal(cancellation.Token, exception.CancellationToken);
        await Pool.RunAsync(static () => 0);
        Assert.False(ran.IsSet);
    }

    [Spec]
    public async Task A_running_call_hears_its_own_token_and_the_caller_is_released_with_his()
    {
        using var scratch = new Scratch();
        var (begun, heard) = (scratch.Mark("begun"), scratch.Mark("heard"));
        using var cancellation = new CancellationTokenSource();
        var call = Pool.RunAsync(
            token =>
            {
                begun.Set();
                token.WaitHandle.WaitOne();
                heard.Set();
                token.ThrowIfCancellationRequested();
            },
            cancellationToken: cancellation.Token);
        await begun.WaitAsync();

        await cancellation.CancelAsync();

        var exception = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
        Assert.Equal(cancellation.Token, exception.CancellationToken);
        await heard.WaitAsync();
        Assert.Equal(1, await Pool.RunAsync(static () => 1));
        Assert.Equal(0, Pool.Statistics.WorkersRestarted);
    }

    [Spec]
    public async Task A_token_crosses_live_as_an_argument_inside_one_and_captured()
    {
        using var cancellation = new CancellationTokenSource();
        using var scratch = new Scratch();
        var begun = scratch.Mark("begun");
        var captured = cancellation.Token;
        var call = Pool.ApplyAsync(
            (CancellationToken argument, Holder holder) =>
            {
                begun.Set();
                return argument.WaitHandle.WaitOne() && holder.Token.IsCancellationRequested && captured.IsCancellationRequested && argument == captured;
            },
            cancellation.Token, new Holder(cancellation.Token));
        await begun.WaitAsync();

        await cancellation.CancelAsync();

        Assert.True(await call);
    }

    [Spec]
    public async Task A_limit_is_signalled_through_the_token_and_the_worker_lives_on()
    {
        var worker = Pool.Workers[0].ProcessId;

        var timeout = await Assert.ThrowsAsync<CallTimeoutException>(() => Pool.RunAsync(
            static async token => await Task.Delay(Timeout.Infinite, token),
            new CallOptions { Timeout = TimeSpan.FromMilliseconds(50), Name = "sleeper" }));

        Assert.Equal(("sleeper", TimeSpan.FromMilliseconds(50), CallStop.CancellationToken), (timeout.Function, timeout.Timeout, timeout.StoppedBy));
        Assert.IsAssignableFrom<TimeoutException>(timeout);
        Assert.Equal(worker, Pool.Workers[0].ProcessId);
    }

    [Spec]
    public async Task A_limit_counts_from_when_the_call_begins()
    {
        using var scratch = new Scratch();
        var go = scratch.Mark("go");
        var blockers = Enumerable.Range(0, Math.Max(1, Pool.Options.Processes)).Select(_ => Pool.RunAsync(go.Wait)).ToArray();
        var limited = Pool.RunAsync(static () => 1, new CallOptions { Timeout = TimeSpan.FromMilliseconds(400) });

        await Task.Delay(600);
        Assert.False(limited.IsCompleted);
        go.Set();

        Assert.Equal(1, await limited);
        await Task.WhenAll(blockers);
    }

    [Spec]
    public async Task Progress_arrives_in_order_while_the_call_runs_and_before_it_ends()
    {
        using var scratch = new Scratch();
        var go = scratch.Mark("go");
        var reports = new Reports();
        var call = Pool.ApplyAsync(
            static (IProgress<int> progress, Mark go) =>
            {
                progress.Report(0);
                go.Wait();
                for (var i = 1; i < 1_000; i++)
                {
                    progress.Report(i);
                }
            },
            reports, go);

        await Eventually.TrueAsync(() => reports.Count == 1);
        Assert.False(call.IsCompleted);
        go.Set();
        await call;

        Assert.Equal(Enumerable.Range(0, 1_000), reports.All());
    }

    [Spec]
    public async Task A_progress_object_that_throws_does_not_harm_the_call()
    {
        Assert.Equal(3, await Pool.ApplyAsync(
            static (IProgress<int> progress) =>
            {
                progress.Report(1);
                return 3;
            },
            new Throwing()));
    }

    public sealed record Holder(CancellationToken Token);

    private sealed class Reports : IProgress<int>
    {
        private readonly List<int> _all = [];

        public int Count => All().Length;

        public void Report(int value)
        {
            lock (_all)
            {
                _all.Add(value);
            }
        }

        public int[] All()
        {
            lock (_all)
            {
                return [.. _all];
            }
        }
    }

    private sealed class Throwing : IProgress<int>
    {
        public void Report(int value) => throw new InvalidOperationException("a broken progress bar");
    }
}

public sealed class CancellationInWorkers(TwoWorkers shared) : CancellationContract(shared), IClassFixture<TwoWorkers>;

public sealed class CancellationInThisProcess(NoWorkers shared) : CancellationContract(shared), IClassFixture<NoWorkers>;
