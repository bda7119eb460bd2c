using System.Collections.Concurrent;
using Microsoft.Extensions.Time.Testing;
using MultiProc.Scheduling;

namespace MultiProc.Unit.Scheduling;

/// <summary>A dispatcher with a clock that stands still until it is moved, runners that do as they are told, and calls that remember what they were told.</summary>
internal sealed class Scene
{
    public static readonly TimeSpan Millisecond = TimeSpan.FromMilliseconds(1);
    public static readonly TimeSpan Second = TimeSpan.FromSeconds(1);
    public static readonly TimeSpan Grace = TimeSpan.FromSeconds(2);
    public static readonly TimeSpan Capture = TimeSpan.FromMilliseconds(400);

    private static readonly CallPolicy Plain = new("Tests.Function", Timeout: null, MaxAttempts: 1, Priority: 0, AffinityKey: null);

    private readonly ConcurrentQueue<string> _violations = new();
    private readonly ConcurrentDictionary<FakeRunner, CallItem> _running = new();
    private readonly ConcurrentDictionary<CallItem, int> _deaths = new();
    private readonly ConcurrentDictionary<CallItem, int> _returns = new();
    private readonly ConcurrentDictionary<CallItem, int> _begins = new();
    private readonly ConcurrentQueue<(FakeCall Call, int Item)> _lost = new();
    private readonly ConcurrentDictionary<int, FakeCall> _calls = new();
    private readonly ConcurrentQueue<Action> _deferred = new();
    private int _lastCall = -1;
    private int _lastProcess = 100;

    /// <param name="maxTasks">As in the settings.</param>
    /// <param name="maxMemory">As in the settings.</param>
    /// <param name="places">As in the settings.</param>
    /// <param name="isDeferring">Whether what may be sent a little later waits for <see cref="SendDeferred"/>. There are two processors then, else enough.</param>
    /// <param name="observer">As in the settings.</param>
    public Scene(int? maxTasks = null, long? maxMemory = null, SemaphoreSlim? places = null, bool isDeferring = false, IWorkObserver? observer = null)
    {
        Action<Action> defer = isDeferring ? _deferred.Enqueue : static action => action();
        Dispatcher = new Dispatcher(Owner, new DispatcherSettings(maxTasks, maxMemory, Grace, places) { StackCaptureTimeout = Capture, Defer = defer, Processors = isDeferring ? 2 : int.MaxValue, Observer = observer }, Time, Clock = new HostClock(Time));
    }

    /// <summary>The same around a dispatcher that a supervisor has made.</summary>
    public Scene(Dispatcher dispatcher, FakeTimeProvider time, HostClock clock) => (Dispatcher, Time, Clock) = (dispatcher, time, clock);

    public FakeTimeProvider Time { get; } = new();

    /// <summary>It does not beat unless a test makes it.</summary>
    public HostClock Clock { get; }

    public FakeOwner Owner { get; } = new();

    public Dispatcher Dispatcher { get; }

    /// <summary>All calls, oldest first.</summary>
    public IEnumerable<FakeCall> Calls => _calls.Values.OrderBy(static call => call.Number);

    /// <summary>Runs when work is sent to a runner.</summary>
    public Action<IReadOnlyList<Work>>? Sending { get; init; }

    /// <summary>A runner, ready for calls.</summary>
    public FakeRunner Attach(int slot = 0, Action<FakeRunner>? prepare = null)
    {
        var runner = new FakeRunner(this, slot, Interlocked.Increment(ref _lastProcess));
        prepare?.Invoke(runner);
        Dispatcher.Attach(runner);
        return runner;
    }

    /// <summary>A runner that has shown that its calls are short, so that it is given more than one at a time.</summary>
    public FakeRunner AttachQuick(int slot = 0)
    {
        var runner = Attach(slot);
        Submit();
        runner.CompleteAll();
        return runner;
    }

    public FakeCall Submit(int priority = 0, string? key = null, TimeSpan? limit = null, int attempts = 1, int? slot = null) =>
        Submit(New(1, priority, key, limit, attempts, slot, isSequence: false));

    public FakeCall SubmitChunk(int items, TimeSpan? limit = null, int attempts = 1, bool isDivisible = false) =>
        Submit(New(items, 0, null, limit, attempts, null, isSequence: true, isDivisible));

    /// <summary>A call as most are: it joins those that wait before it, if it can.</summary>
    public FakeCall SubmitPlain(CallPolicy? policy = null)
    {
        var number = Interlocked.Increment(ref _lastCall);
        var call = new FakeCall(this, number, items: 1, policy ?? Plain, slot: null, isSequence: false, isDivisible: false, isPlain: true);
        _calls[number] = call;
        if (!Dispatcher.TryJoin(call, call.Policy, call.Work.Unit.Function, call.Work.Unit.Body))
        {
            Dispatcher.Submit(call.Work);
        }

        return call;
    }

    public FakeCall New(
        int items, int priority = 0, string? key = null, TimeSpan? limit = null, int attempts = 1, int? slot = null, bool isSequence = true, bool isDivisible = false,
        CallPolicy? policy = null)
    {
        var number = Interlocked.Increment(ref _lastCall);
        var call = new FakeCall(this, number, items, policy ?? new CallPolicy("Tests.Function", limit, attempts, priority, key), slot, isSequence, isDivisible);
        _calls[number] = call;
        return call;
    }

    public FakeCall Submit(FakeCall call)
    {
        Dispatcher.Submit(call.Work);
        return call;
    }

    /// <summary>Whether anything waits for <see cref="SendDeferred"/>.</summary>
    public bool IsDeferring => !_deferred.IsEmpty;

    /// <summary>What was put off happens now.</summary>
    public void SendDeferred()
    {
        while (_deferred.TryDequeue(out var action))
        {
            action();
        }
    }

    public void Advance(TimeSpan time)
    {
        if (time > TimeSpan.Zero)
        {
            Time.Advance(time);
        }
    }

    /// <summary>Writes down a broken rule; <see cref="AssertRules"/> fails with it.</summary>
    public void Check(bool holds, string violation)
    {
        if (!holds)
        {
            _violations.Enqueue(violation);
        }
    }

    public void AssertRules()
    {
        // Only now: what a thread is about to send to a runner that is lost meanwhile counts for the dispatcher before the runner hears of it.
        while (_lost.TryDequeue(out var lost))
        {
            // Two returns may have cost it no attempt. After these it is alone with its runner, and pays also for one that dies before it begins.
            var item = new CallItem(lost.Call.Number, lost.Item);
            var (deaths, returns, most) = (_deaths.GetValueOrDefault(item), _returns.GetValueOrDefault(item), lost.Call.Policy.MaxAttempts);
            Check(
                HasLied || deaths == most || returns >= Math.Max(3, most),
                $"call {lost.Call.Number}, item {lost.Item} failed after {deaths} of {most} attempts, and {returns} returns");
        }

        Assert.Empty(_violations);
    }

    /// <summary>Whether a runner has died that said something wrong about what it was doing.</summary>
    public bool HasLied { get; set; }

    /// <summary>A runner dies that had been sent an item, or gives it back when it is about to begin.</summary>
    public void OnUncharged(CallItem item) => _returns.AddOrUpdate(item, 1, static (_, count) => count + 1);

    /// <summary>A runner dies in an item.</summary>
    public void OnDeath(CallItem item) => _deaths.AddOrUpdate(item, 1, static (_, count) => count + 1);

    /// <summary>An item fails: the failure must be true.</summary>
    public void OnFailure(FakeCall call, int item, Exception error)
    {
        if (error is WorkerLostException)
        {
            _lost.Enqueue((call, item));
        }

        Check(error is not CallTimeoutException || call.Policy.Timeout is not null, $"call {call.Number}, item {item} timed out without a limit");
    }

    /// <summary>A runner begins an item: nobody else may be in it, and its end may not have been told.</summary>
    public void OnBegin(FakeRunner runner, CallItem item)
    {
        Check(_running.All(other => other.Key.IsDead || other.Value != item), $"{item} began on two runners");
        Check(!_calls[item.Call].IsCompleted(item.Item), $"{item} began after its end had been told");
        var (begins, most) = (_begins.AddOrUpdate(item, 1, static (_, count) => count + 1), _calls[item.Call].Policy.MaxAttempts + 2);
        Check(begins <= most, $"{item} began {begins} times, and may {most} times");
        _running[runner] = item;
    }

    public void OnEnd(FakeRunner runner) => _running.TryRemove(runner, out _);
}
