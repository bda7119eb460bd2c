using System.Runtime.Serialization;
using MultiProc.Protocol.Messages;
using MultiProc.Scheduling;

namespace MultiProc.Unit.Scheduling;

/// <summary>Code of the application that runs when an outcome is read or told delays nobody else's calls.</summary>
public sealed class ForeignCodeTests
{
    private static readonly ManualResetEventSlim IsBeingRead = new();
    private static readonly ManualResetEventSlim MayGoOn = new();
    private readonly Scene _scene = new();

    [Fact]
    public async Task While_an_exception_is_read_other_calls_begin_and_end()
    {
        var (first, second) = (_scene.Attach(0), _scene.Attach(1));
        var failing = _scene.Submit(slot: 0);
        Assert.True(first.Begin());
        first.Fail(new SlowToReadException());

        var reading = Task.Factory.StartNew(first.Flush, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        Assert.True(IsBeingRead.Wait(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken));
        var others = Task.Factory.StartNew(
            () =>
            {
                var call = _scene.Submit(slot: 1);
                second.CompleteAll();
                return call.HasEnded;
            },
            CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        var end = await Task.WhenAny(others, Task.Delay(TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken));
        MayGoOn.Set();
        await reading;

        Assert.Same(others, end);
        Assert.True(await others);
        Assert.IsType<SlowToReadException>(failing.Error);
        _scene.AssertRules();
    }

    [Fact]
    public async Task While_an_observer_takes_its_time_its_runner_is_sent_more_and_told_what_is_cancelled()
    {
        using var observer = new SlowObserver();
        var scene = new Scene(observer: observer);
        var runner = scene.Attach();
        var first = scene.New(1, isSequence: false);
        var sending = Task.Factory.StartNew(() => scene.Submit(first), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        Assert.True(observer.IsInside.Wait(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken));

        var others = Task.Factory.StartNew(
            () =>
            {
                first.Abandon();
                runner.Flush();
                scene.Submit();
                return runner.Waiting;
            },
            CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        var end = await Task.WhenAny(others, Task.Delay(TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken));
        observer.MayGoOn.Set();
        await sending;

        Assert.Same(others, end);
        Assert.Equal(1, await others);
        runner.CompleteAll();
        scene.AssertRules();
    }

    private sealed class SlowObserver : IWorkObserver, IDisposable
    {
        private int _calls;

        public ManualResetEventSlim IsInside { get; } = new();

        public ManualResetEventSlim MayGoOn { get; } = new();

        public bool TimesWaits => false;

        public bool TimesRuns => false;

        public bool SavesFailures => false;

        public bool NeedsWholeCalls => false;

        public SentWork? Measure(IReadOnlyList<Work> works) => new SentWork([], 1);

        public void OnSent(in SentWork sent)
        {
            if (Interlocked.Increment(ref _calls) == 1)
            {
                IsInside.Set();
                MayGoOn.Wait(TimeSpan.FromSeconds(60));
            }
        }

        public void OnEnded(int slot, IReadOnlyList<Work> ended, TimeSpan elapsed)
        {
        }

        public void OnLost(int slot, string label, in WorkUnit unit, RunOutcome outcome, TimeSpan elapsed)
        {
        }

        public void OnFailure(in WorkUnit unit, Work work, int item, Exception error)
        {
        }

        public void OnBroken(Exception cause)
        {
        }

        public IDisposable? EnterTelling() => null;

        public void Dispose()
        {
            IsInside.Dispose();
            MayGoOn.Dispose();
        }
    }

    private sealed class SlowToReadException : Exception
    {
        private bool _isRead;

        [OnDeserialized]
        private void OnRead(StreamingContext context)
        {
            IsBeingRead.Set();
            _isRead = MayGoOn.Wait(TimeSpan.FromSeconds(60));
        }
    }
}
