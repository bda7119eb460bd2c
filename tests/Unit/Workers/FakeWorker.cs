using MultiProc.Scheduling;
using MultiProc.Unit.Scheduling;
using MultiProc.Workers;

namespace MultiProc.Unit.Workers;

/// <summary>A runner with the life of a process: it starts in a slot or as a standby, is asked to leave, and ends.</summary>
internal sealed class FakeWorker(Scene scene, int slot, int processId) : FakeRunner(scene, slot, processId), IWorker
{
    private readonly TaskCompletionSource<RunnerExit> _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TimeProvider _time = scene.Time;
    private readonly long _born = scene.Time.GetTimestamp();

    public Task<RunnerExit> Ended => _ended.Task;

    public TimeSpan Starting => TimeSpan.Zero;

    public TimeSpan Initializing => TimeSpan.Zero;

    public TimeSpan Age => _time.GetElapsedTime(_born);

    public bool IsShuttingDown { get; private set; }

    public bool ExitedBeforeFirstCall { get; private set; }

    public TimeSpan ProcessorTime => TimeSpan.Zero;

    public bool LookForDebugger() => IsDebugged;

    public bool HasDebuggerDetached => false;

    public Task<bool> RespondsAsync(TimeSpan timeout) => Task.FromResult(!IsDead);

    public void WarmUp()
    {
    }

    public void OnDebuggerChanged(bool isAttached)
    {
    }

    public void Promote(int slot) => Slot = slot;

    // Nothing is running when it is asked.
    public async Task ShutDownAsync(TimeSpan timeout, HostClock clock)
    {
        IsShuttingDown = true;
        await Task.Yield();
        Exit(signal: null);
    }

    public void KillNow()
    {
        IsShuttingDown = true;
        Exit("SIGKILL");
    }

    /// <summary>Its process ends.</summary>
    public void Exit(string? signal)
    {
        var isUseless = Running is null && CallsCompleted == 0;
        if (Die(signal) is { } exit)
        {
            ExitedBeforeFirstCall = isUseless;
            _ended.SetResult(exit);
        }
    }

    /// <summary>How it ends cannot be found out.</summary>
    public void Break(Exception cause)
    {
        KillSelf();
        _ended.SetException(cause);
    }
}
