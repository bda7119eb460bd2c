using Microsoft.Extensions.Logging;

namespace MultiProc.SpecHost;

/// <summary>Everything that happens to pools in the course of their lives, with the results that must come whatever the application's own code does meanwhile.</summary>
internal static class PoolLife
{
    private static readonly TimeSpan MaxWait = TimeSpan.FromSeconds(60);

    public static async Task RunAsync(ApplicationCode application)
    {
        await using (var pool = await ProcessPool.StartAsync(application.Options).WaitAsync(MaxWait))
        {
            await CallsAsync(pool, application);
            await FailuresAsync(pool);
            await RestartsAsync(pool);
            await ControlAsync(pool);
            await CallsAsync(pool, application);
            pool.Close();
            await pool.JoinAsync().WaitAsync(MaxWait);
        }

        await using (var pool = await ProcessPool.StartAsync(application.Options with { Processes = 0, StandbyWorkers = 0 }).WaitAsync(MaxWait))
        {
            await CallsAsync(pool, application);
            await CancelInProcessAsync(pool, application);
            await pool.TerminateAsync().WaitAsync(MaxWait);
        }
    }

    /// <summary>Calls, maps, progress, lines on both outputs, and lines for the loggers.</summary>
    public static async Task CallsAsync(ProcessPool pool, ApplicationCode application)
    {
        var calls = Enumerable.Range(0, 200).Select(number => pool.ApplyAsync(static (int number) => number + 1, number));
        Expect(Enumerable.Range(1, 200), await Task.WhenAll(calls).WaitAsync(MaxWait));
        Expect([7], [pool.Apply(static (int number) => number, 7)]);
        Expect(
            Enumerable.Range(1, 50),
            await pool.MapAsync(static (int number) => number + 1, Enumerable.Range(0, 50), new MapOptions { Progress = application.MapProgress, ChunkSize = 5 }).WaitAsync(MaxWait));
        Expect(
            [10],
            [
                await pool.ApplyAsync(
                    static (IProgress<int> progress) =>
                    {
                        for (var i = 0; i < 10; i++)
                        {
                            progress.Report(i);
                        }

                        return 10;
                    },
                    application.CallProgress).WaitAsync(MaxWait),
            ]);
        Expect(
            [20],
            [
                await pool.RunAsync(static () =>
                {
                    for (var i = 0; i < 20; i++)
                    {
                        using var scope = WorkerContext.Current?.Logger.BeginScope("a scope");
                        WorkerContext.Current?.Logger.Log(LogLevel.Information, default, i, exception: null, static (number, _) => $"line {number}");
                        (i % 2 == 0 ? Console.Out : Console.Error).WriteLine($"line {i}");
                    }

                    return 20;
                }).WaitAsync(MaxWait),
            ]);
    }

    private static async Task FailuresAsync(ProcessPool pool)
    {
        await FailsAsync<ArithmeticException>(pool.RunAsync(static () => throw new ArithmeticException("It fails, as it should.")));
        await FailsAsync<NotSerializableException>(pool.RunAsync(static () => Thread.CurrentThread));
        await FailsAsync<WorkerLostException>(pool.RunAsync(static () => Environment.Exit(3)));
        await FailsAsync<CallTimeoutException>(pool.RunAsync(static () => Thread.Sleep(Timeout.Infinite), new CallOptions { Timeout = TimeSpan.FromMilliseconds(100) }));
        using var cancellation = new CancellationTokenSource(100);
        await FailsAsync<OperationCanceledException>(pool.RunAsync(static () => Thread.Sleep(Timeout.Infinite), cancellationToken: cancellation.Token));
    }

    private static async Task RestartsAsync(ProcessPool pool)
    {
        await pool.ResizeAsync(3).WaitAsync(MaxWait);
        await pool.ResizeAsync(2).WaitAsync(MaxWait);
        await Task.WhenAll(Enumerable.Range(0, 1_000).Select(_ => pool.RunAsync(static () => 1))).WaitAsync(MaxWait);
    }

    private static async Task ControlAsync(ProcessPool pool)
    {
        await using var connection = await PoolConnection.ConnectAsync(pool.Describe().Address);
        _ = await connection.DescribeAsync();
        await connection.RecycleAsync(0);
        await connection.KillAsync(1);
        await using var watch = connection.WatchAsync(TimeSpan.FromMilliseconds(20)).GetAsyncEnumerator();
        await watch.MoveNextAsync().AsTask().WaitAsync(MaxWait);
        await watch.MoveNextAsync().AsTask().WaitAsync(MaxWait);
        await connection.ResizeAsync(2);
    }

    private static async Task CancelInProcessAsync(ProcessPool pool, ApplicationCode application)
    {
        Application = application;
        using var cancellation = new CancellationTokenSource(100);
        await FailsAsync<OperationCanceledException>(pool.RunAsync(
            static (CancellationToken token) =>
            {
                using var registration = token.Register(static () => Application!.Do(Place.TokenCallback));
                token.WaitHandle.WaitOne();
                Thread.Sleep(50);
                token.ThrowIfCancellationRequested();
            },
            cancellationToken: cancellation.Token));
    }

    private static ApplicationCode? Application { get; set; }

    private static async Task FailsAsync<TException>(Task call)
        where TException : Exception
    {
        try
        {
            await call.WaitAsync(MaxWait);
        }
        catch (TException)
        {
            return;
        }

        throw new InvalidOperationException($"A call returned instead of failing with {typeof(TException).Name}.");
    }

    private static void Expect(IEnumerable<int> expected, IEnumerable<int> actual)
    {
        if (!expected.SequenceEqual(actual))
        {
            throw new InvalidOperationException($"A wrong result: {string.Join(", ", actual.Take(10))}.");
        }
    }
}
