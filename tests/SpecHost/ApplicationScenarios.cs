using System.Runtime.Serialization;

namespace MultiProc.SpecHost;

/// <summary>Applications whose own code stands in the pool's way. Each says "ready" when it begins; if all went as it should, it says so in its last line and returns 0.</summary>
internal static class ApplicationScenarios
{
    private static readonly TimeSpan MaxWait = TimeSpan.FromSeconds(60);

    /// <summary>Its code throws from the very first call on, so that some of it never comes to be.</summary>
    public static Task<int> ThrowingFromTheStartAsync() =>
        LiveAsync(static place => throw new InvalidDataException($"The application throws in {place}."));

    /// <summary>Its code throws whenever it is called, but for what makes loggers and listeners.</summary>
    public static Task<int> ThrowingAsync() =>
        LiveAsync(
            static place =>
            {
                if (place is not (Place.CreateLogger or Place.IsEnabled or Place.InstrumentPublished or Place.ShouldListenTo or Place.BeginScope or Place.Sample))
                {
                    throw new InvalidDataException($"The application throws in {place}.");
                }
            });

    /// <summary>Its code takes its time, at first.</summary>
    public static Task<int> BlockingAsync()
    {
        var calls = new int[Enum.GetValues<Place>().Length];
        return LiveAsync(
            place =>
            {
                if (Interlocked.Increment(ref calls[(int)place]) <= 10)
                {
                    Thread.Sleep(20);
                }
            });
    }

    /// <summary>Each place in turn ends the pool, blocking, as soon as it is called; on its own thread and on another one that it waits for.</summary>
    public static async Task<int> DisposingAsync()
    {
        Scenarios.Say("ready");
        foreach (var place in Enum.GetValues<Place>().Except([Place.CreateLogger, Place.InstrumentPublished, Place.ShouldListenTo, Place.TokenCallback]))
        {
            Scenarios.Say($"disposing in {place}");
            await DisposeInAsync(place, static pool => pool.Dispose());
            if (place is Place.Log or Place.RelayedLog or Place.Output)
            {
                await DisposeInAsync(place, static pool => Task.Run(pool.Dispose).Wait());
            }
        }

        return End([]);
    }

    /// <summary>
    /// Code that runs while the end of a call is told ends the pool, blocking: when the call's worker is lost, when the pool itself ends the call, and when its result
    /// is read; each on the thread that tells, and on another one that it waits for.
    /// </summary>
    public static async Task<int> DisposingAtTheEndOfCallsAsync()
    {
        Scenarios.Say("ready");
        foreach (var isElsewhere in new[] { false, true })
        {
            Action<ProcessPool> dispose = isElsewhere ? static pool => Task.Run(pool.Dispose).Wait() : static pool => pool.Dispose();
            Scenarios.Say("disposing when a worker is lost");
            await DisposeInAsync(Place.ActivityStopped, dispose, static (pool, _) => pool.RunAsync(static () => Environment.Exit(3)));
            Scenarios.Say("disposing when the pool ends");
            await DisposeInAsync(Place.ActivityStopped, dispose, static async (pool, _) =>
            {
                var running = pool.RunAsync(static () => Thread.Sleep(Timeout.Infinite));
                pool.Dispose();
                await running;
            });
            Scenarios.Say("disposing when a result is read");
            ActsWhenRead.WhenRead = null;
            var hasReturned = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            await using var pool = await ProcessPool.StartAsync(1);
            ActsWhenRead.WhenRead = _ =>
            {
                dispose(pool);
                hasReturned.SetResult();
            };
            await pool.RunAsync(static () => new ActsWhenRead());
            await EndsAsync(pool, hasReturned.Task, "a result that is read");
        }

        return End([]);
    }

    private static Task DisposeInAsync(Place where, Action<ProcessPool> dispose) => DisposeInAsync(where, dispose, static (pool, application) =>
    {
        _ = pool.RunAsync(static () => Environment.Exit(3)).ContinueWith(static lost => _ = lost.Exception, TaskScheduler.Default);
        return PoolLife.CallsAsync(pool, application);
    });

    private static async Task DisposeInAsync(Place where, Action<ProcessPool> dispose, Func<ProcessPool, ApplicationCode, Task> live)
    {
        var pool = default(ProcessPool);
        var hasReturned = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var isDisposing = 0;
        using var application = new ApplicationCode(place =>
        {
            if (place == where && Volatile.Read(ref pool) is { } ours && Interlocked.Exchange(ref isDisposing, 1) == 0)
            {
                dispose(ours);
                hasReturned.SetResult();
            }
        });
        application.Listen();
        await using var started = await ProcessPool.StartAsync(application.Options);
        Volatile.Write(ref pool, started);
        try
        {
            await live(started, application);
        }
        catch (Exception exception) when (exception is OperationCanceledException or InvalidOperationException or WorkerLostException)
        {
            // The pool was ended under it.
        }

        await EndsAsync(started, hasReturned.Task, $"{where}; reached: {string.Join(", ", application.Reached)}");
    }

    private static async Task EndsAsync(ProcessPool pool, Task hasReturned, string where)
    {
        try
        {
            await hasReturned.WaitAsync(MaxWait);
            await pool.DisposeAsync().AsTask().WaitAsync(MaxWait);
        }
        catch (TimeoutException)
        {
            throw new InvalidOperationException($"A pool that is disposed in {where} does not end.");
        }
    }

    // It may throw while it begins to listen: that is the application's own affair.
    private static void Listen(ApplicationCode application)
    {
        try
        {
            application.Listen();
        }
        catch (InvalidDataException)
        {
            Scenarios.Say("the application does not listen to all that it could");
        }
    }

    private static async Task<int> LiveAsync(Action<Place> deed)
    {
        Scenarios.Say("ready");
        List<string> unobserved = [];
        TaskScheduler.UnobservedTaskException += (_, failure) =>
        {
            lock (unobserved)
            {
                unobserved.Add(failure.Exception.ToString());
            }
        };
        using (var application = new ApplicationCode(deed))
        {
            Listen(application);
            await PoolLife.RunAsync(application);
            Scenarios.Say("reached " + string.Join(' ', application.Reached));
        }

        for (var round = 0; round < 3; round++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }

        lock (unobserved)
        {
            return End(unobserved);
        }
    }

    private static int End(List<string> complaints)
    {
        foreach (var complaint in complaints)
        {
            Console.Error.WriteLine("A task failed and nobody looked: " + complaint);
        }

        Scenarios.Say(complaints.Count == 0 ? Scenarios.LastLine : "not as it should be");
        return complaints.Count == 0 ? 0 : 9;
    }

    private sealed class ActsWhenRead
    {
        private readonly int _process = Environment.ProcessId;

        public static Action<int>? WhenRead { get; set; }

        [OnDeserialized]
        internal void OnRead(StreamingContext context) => WhenRead?.Invoke(_process);
    }
}
