using System.Collections.Concurrent;
using System.Globalization;
using Microsoft.Extensions.Logging;

namespace MultiProc.SpecHost;

/// <summary>Hosts whose file descriptors run out. Each ends with <see cref="Scenarios.LastLine"/> if all went as it should.</summary>
internal static class DescriptorScenarios
{
    // One more than with which something was missing: a lost worker gives back what its successor needs.
    private const int MostLeft = 3;
    private const int Threads = 12;

    private static readonly TimeSpan MaxWait = TimeSpan.FromSeconds(20);

    // Without two descriptors .NET cannot start a thread: what would need another one of the thread pool ends the process.
    private static async Task FillThreadPoolAsync()
    {
        using var all = new Barrier(Threads);
        ThreadPool.SetMinThreads(Threads, Threads);
        await Task.WhenAll(Enumerable.Range(0, Threads).Select(_ => Task.Run(all.SignalAndWait)));
    }

    /// <summary>Does as it is told, line by line: takes all descriptors, gives them back, calls, ends its pool.</summary>
    public static async Task<int> ToldAsync()
    {
        var pool = await ProcessPool.StartAsync(new ProcessPoolOptions { Processes = 2, LoggerFactory = new SayingLoggerFactory() });
        Descriptors? taken = null;
        await pool.BroadcastAsync(static () => Environment.ProcessId);
        await FillThreadPoolAsync();
        Scenarios.Say(pool.Describe().Address);
        while (Console.ReadLine() is { } order)
        {
            switch (order)
            {
                case "take":
                    taken = Descriptors.TakeAllBut(0);
                    Scenarios.Say("taken");
                    break;
                case "give back":
                    taken?.Dispose();
                    Scenarios.Say("given back");
                    break;
                case "call":
                    Scenarios.Say((await pool.RunAsync(static () => Environment.ProcessId)).ToString(CultureInfo.InvariantCulture));
                    break;
                default:
                    await pool.DisposeAsync();
                    Scenarios.Say(Scenarios.LastLine);
                    return 0;
            }
        }

        return 1;
    }

    /// <summary>Loses its worker again and again, with more descriptors left each time; says what kept the next one from starting.</summary>
    public static async Task<int> ReplacingAsync()
    {
        using var log = new Causes();
        await using (var pool = await ProcessPool.StartAsync(new ProcessPoolOptions { Processes = 1, LoggerFactory = log }))
        {
            var process = await pool.RunAsync(static () => Environment.ProcessId);
            await FillThreadPoolAsync();
            for (var left = 0; left <= MostLeft; left++)
            {
                log.Forget();
                using (Descriptors.TakeAllBut(left))
                {
                    _ = pool.RunAsync(static () => Environment.Exit(3)).ContinueWith(static lost => _ = lost.Exception, TaskScheduler.Default);
                    await UntilAsync(() => !log.All.IsEmpty || pool.Workers is [{ State: WorkerState.Idle } next] && next.ProcessId != process);
                }

                process = await pool.RunAsync(static () => Environment.ProcessId).WaitAsync(MaxWait);
                foreach (var cause in log.All)
                {
                    Scenarios.Say($"{left} {cause.ReplaceLineEndings(" ")}");
                }
            }
        }

        Scenarios.Say(Scenarios.LastLine);
        return 0;
    }

    /// <summary>Starts its first pool with so few descriptors left; says why that cannot be.</summary>
    public static async Task<int> StartingAsync()
    {
        var left = int.Parse(Environment.GetEnvironmentVariable("LEFT")!, CultureInfo.InvariantCulture);
        Scenarios.Say("ready");
        Exception? failure = null;
        using (Descriptors.TakeAllBut(left))
        {
            try
            {
                await using var pool = await ProcessPool.StartAsync(2);
            }
            catch (WorkerStartException exception)
            {
                failure = exception;
            }
        }

        Scenarios.Say(failure?.Message ?? "started");
        return 0;
    }

    private static async Task UntilAsync(Func<bool> isSo)
    {
        for (var end = DateTime.UtcNow + MaxWait; !isSo(); await Task.Delay(5))
        {
            if (DateTime.UtcNow > end)
            {
                throw new TimeoutException("The worker was not replaced, and nothing was said about it.");
            }
        }
    }

    private sealed class Causes : ILoggerFactory, ILogger
    {
        private readonly ConcurrentQueue<string> _causes = [];

        public ConcurrentQueue<string> All => _causes;

        public void Forget() => _causes.Clear();

        public ILogger CreateLogger(string categoryName) => this;

        public void AddProvider(ILoggerProvider provider)
        {
        }

        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Error;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (IsEnabled(logLevel))
            {
                _causes.Enqueue($"{exception?.GetType().Name}: {exception?.Message}");
            }
        }

        public void Dispose()
        {
        }
    }
}
