namespace MultiProc.Unit.Scheduling;

public sealed class ConcurrentScheduleTests
{
    private const int Calls = 6_000;
    private const int Runners = 4;

    [Theory]
    [InlineData(null)]
    [InlineData(7)]
    public async Task With_submitters_runners_and_killers_on_threads_of_their_own_each_item_ends_once(int? maxTasks)
    {
        var scene = new Scene(maxTasks);
        // A limit for what hangs; all threads here are busy ones, and share the processors with other tests.
        using var end = new CancellationTokenSource(TimeSpan.FromMinutes(3));
        var submitters = Enumerable.Range(0, 2).Select(seed => OnThread(() => Submit(scene, new Random(seed))));
        var runners = Enumerable.Range(0, Runners).Select(slot => OnThread(() => Run(scene, slot, new Random(100 + slot), end.Token))).ToArray();
        await Task.WhenAll(submitters);
        scene.Dispatcher.Close();
        await Task.WhenAll([.. runners, OnThread(() => LetTimeGoBy(scene, end.Token))]);

        Assert.True(scene.Dispatcher.Drained.IsCompleted, "Not everything ended.");
        Assert.All(scene.Calls, static call => Assert.True(call.HasEnded || call.IsAbandoned));
        var counters = scene.Dispatcher.Counters;
        Assert.Equal(scene.Calls.Sum(static call => call.Count), counters.Completed + counters.Failed);
        scene.AssertRules();
    }

    // What waits behind a long call is called back when time goes by.
    private static void LetTimeGoBy(Scene scene, CancellationToken cancellationToken)
    {
        while (!scene.Dispatcher.Drained.IsCompleted && !cancellationToken.IsCancellationRequested)
        {
            scene.Advance(Scene.Millisecond);
            Thread.Yield();
        }
    }

    private static void Submit(Scene scene, Random random)
    {
        for (var i = 0; i < Calls / 2; i++)
        {
            if (random.Next(2) == 0)
            {
                scene.SubmitPlain();
                continue;
            }

            var call = random.Next(4) == 0
                ? scene.SubmitChunk(random.Next(1, 9), attempts: random.Next(1, 4), isDivisible: random.Next(2) == 0)
                : scene.Submit(random.Next(3), random.Next(5) == 0 ? "k" + random.Next(3) : null, attempts: random.Next(1, 4));
            if (random.Next(8) == 0)
            {
                call.Abandon();
            }
        }
    }

    private static void Run(Scene scene, int slot, Random random, CancellationToken cancellationToken)
    {
        var runner = scene.Attach(slot);
        while (!scene.Dispatcher.Drained.IsCompleted && !cancellationToken.IsCancellationRequested)
        {
            if (runner.IsDead || scene.Owner.EventsOf(runner).Contains("retired"))
            {
                runner = scene.Attach(slot);
            }

            runner.Begin();
            if (random.Next(60) == 0)
            {
                runner.Die(isCaughtFlushing: random.Next(2) == 0);
                continue;
            }

            runner.End();
            if (random.Next(3) > 0)
            {
                runner.Flush();
            }
        }
    }

    private static Task OnThread(Action action) =>
        Task.Factory.StartNew(action, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
}
