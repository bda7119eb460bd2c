using System.Runtime.Serialization;

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
        using var isInside = new ManualResetEventSlim();
        using var mayGoOn = new ManualResetEventSlim();
        var calls = 0;
        var observer = new FakeObserver
        {
            Sent = () =>
            {
                if (Interlocked.Increment(ref calls) == 1)
                {
                    isInside.Set();
                    mayGoOn.Wait(TimeSpan.FromSeconds(60));
                }
            },
        };
        var scene = new Scene(observer: observer);
        var runner = scene.Attach();
        var first = scene.New(1, isSequence: false);
        var sending = Task.Factory.StartNew(() => scene.Submit(first), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        Assert.True(isInside.Wait(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken));

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
        mayGoOn.Set();
        await sending;

        Assert.Same(others, end);
        Assert.Equal(1, await others);
        runner.CompleteAll();
        scene.AssertRules();
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
