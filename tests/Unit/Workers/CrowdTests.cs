using System.Collections.Concurrent;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using MultiProc.Diagnostics;
using MultiProc.Scheduling;
using MultiProc.Unit.Scheduling;
using MultiProc.Workers;

namespace MultiProc.Unit.Workers;

/// <summary>Pools of many workers that fail at the same moment, on as many threads as there are, with delays that take no time.</summary>
public sealed class CrowdTests
{
    private const int Rounds = 12;

    // Far more than it takes; what hangs, ends here.
    private static readonly TimeSpan MaxWait = TimeSpan.FromSeconds(60);

    [Theory]
    [InlineData(1)]
    [InlineData(64)]
    [InlineData(500)]
    public async Task When_no_worker_of_a_crowd_can_be_replaced_the_pool_gives_up_every_call_ends_and_no_start_is_forgotten(int processes)
    {
        for (var round = 0; round < Rounds; round++)
        {
            var crowd = new Crowd(processes, standby: 0);
            await crowd.StartAsync();
            var calls = Enumerable.Range(0, processes * 2).Select(_ => crowd.Scene.Submit()).ToList();

            crowd.AreStartsFailing = true;
            crowd.LoseAll();

            await crowd.UntilGivenUpAsync();
            await crowd.EndNowAsync();
            Assert.All(calls, static call => Assert.True(call.HasEnded));
            crowd.AssertNothingIsLeft();
        }
    }

    [Theory]
    [InlineData(64)]
    [InlineData(500)]
    public async Task A_crowd_that_is_lost_again_and_again_while_it_is_resized_is_whole_in_the_end(int processes)
    {
        var crowd = new Crowd(processes, standby: 3);
        await crowd.StartAsync();

        for (var round = 0; round < Rounds; round++)
        {
            await Task.WhenAll(crowd.ResizeAsync(round % 2 == 0 ? processes / 2 : processes), Task.Run(crowd.LoseAll, CancellationToken.None));
        }

        await crowd.UntilWholeAsync(processes);
        await crowd.EndNowAsync();
        crowd.AssertNothingIsLeft();
    }

    [Fact]
    public async Task A_crowd_that_ends_while_all_its_workers_start_again_leaves_nobody()
    {
        for (var round = 0; round < Rounds; round++)
        {
            var crowd = new Crowd(processes: 500, standby: 2);
            await crowd.StartAsync();
            crowd.LoseAll();

            await crowd.EndNowAsync();

            crowd.AssertNothingIsLeft();
        }
    }

    /// <summary>A supervisor whose fake workers start at once, or fail to.</summary>
    private sealed class Crowd
    {
        private readonly ConcurrentQueue<FakeWorker> _workers = new();
        private readonly RecentEvents _events;
        private int _starting;

        public Crowd(int processes, int standby)
        {
            var time = new InstantTime();
            _events = new RecentEvents(NullLogger.Instance, time);
            var log = new PoolLog(_events);
            Supervisor = new WorkerSupervisor(
                new ProcessPoolOptions { Processes = processes, StandbyWorkers = standby },
                new DispatcherSettings(MaxTasksPerRunner: null, MaxRunnerMemoryBytes: null, Scene.Grace, QueuePermits: null) { Defer = static action => action() },
                log, new PoolMetrics("tests", log), insights: null, time,
                (dispatcher, clock) =>
                {
                    Scene = new Scene(dispatcher, new FakeTimeProvider(), clock);
                    return StartOneAsync;
                });
        }

        public WorkerSupervisor Supervisor { get; }

        public Scene Scene { get; private set; } = null!;

        public bool AreStartsFailing { get; set; }

        private FakeWorker[] Living => [.. _workers.Where(static worker => !worker.IsDead)];

        public Task StartAsync() => Supervisor.StartAsync(CancellationToken.None).WaitAsync(MaxWait);

        public Task UntilGivenUpAsync() => Supervisor.Dispatcher.Faulted.WaitAsync(MaxWait);

        public Task ResizeAsync(int processes) => Supervisor.ResizeAsync(processes, CancellationToken.None).WaitAsync(MaxWait);

        public Task EndNowAsync() => Supervisor.EndNowAsync().WaitAsync(MaxWait);

        /// <summary>All who live are lost at the same moment.</summary>
        public void LoseAll() => Parallel.ForEach(Living, static worker => worker.Exit("SIGKILL"));

        public async Task UntilWholeAsync(int processes)
        {
            using var limit = new CancellationTokenSource(MaxWait);
            while (Supervisor.Snapshot() is var workers && (workers.Count != processes || workers.Any(static worker => worker.State != WorkerState.Idle)))
            {
                Assert.False(limit.IsCancellationRequested, $"The crowd does not become whole: {Events}");
                await Task.Delay(1, CancellationToken.None);
            }
        }

        public void AssertNothingIsLeft()
        {
            Assert.Equal(0, Volatile.Read(ref _starting));
            Assert.Empty(Living);
            Assert.DoesNotContain("looked after no longer", Events, StringComparison.Ordinal);
            Scene.AssertRules();
        }

        private string Events => string.Join(" | ", _events.Snapshot().Select(static line => line.Text));

        private async Task<IWorker> StartOneAsync(int slot, Action<int> onProcess, CancellationToken cancellationToken)
        {
            Interlocked.Increment(ref _starting);
            try
            {
                await Task.Yield();
                if (AreStartsFailing)
                {
                    throw new WorkerStartException("It did not start.");
                }

                cancellationToken.ThrowIfCancellationRequested();
                var worker = new FakeWorker(Scene, slot, processId: 50_000_000);
                _workers.Enqueue(worker);
                return worker;
            }
            finally
            {
                Interlocked.Decrement(ref _starting);
            }
        }
    }
}
