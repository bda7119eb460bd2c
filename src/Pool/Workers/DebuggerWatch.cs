using MultiProc.Diagnostics;
using MultiProc.Scheduling;

namespace MultiProc.Workers;

/// <summary>
/// A monitor that kills workers whose debugger died while they stood at a breakpoint. Such a worker would stay frozen
/// for ever, and no other debugger could be attached. There is no event for it, so the workers are polled: one whose
/// debugger has gone must respond to a ping.
/// </summary>
/// <param name="alive">Returns the workers that live now.</param>
/// <param name="log">Logs each worker that is killed.</param>
/// <param name="time">The clock for the interval.</param>
internal sealed class DebuggerWatch(Func<IReadOnlyCollection<IWorker>> alive, PoolLog log, TimeProvider time)
{
    // Polling one worker takes less than 0.1 ms. The interval is short enough to see a debugger before it can do much,
    // and long enough that polling costs next to nothing.
    private static readonly TimeSpan MinInterval = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan IntervalForEach = TimeSpan.FromMilliseconds(60);
    private static readonly TimeSpan MaxInterval = TimeSpan.FromSeconds(2);

    private static readonly TimeSpan PingTimeout = TimeSpan.FromSeconds(3);

    // If this process itself was stopped meanwhile, the first response may be late through no fault of the worker.
    private const int MaxPings = 2;

    /// <summary>Polls the workers until the token is signalled. Cancellation does not fail the task.</summary>
    public async Task RunAsync(CancellationToken ending)
    {
        HashSet<IWorker> debugged = [];
        while (!ending.IsCancellationRequested)
        {
            await Task.Delay(IntervalFor(alive().Count), time, ending).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            foreach (var worker in alive())
            {
                if (worker.LookForDebugger())
                {
                    debugged.Add(worker);
                    worker.OnDebuggerChanged(isAttached: true);
                }
                else if (debugged.Remove(worker) | worker.HasDebuggerDetached)
                {
                    if (await RespondsAsync(worker, ending).ConfigureAwait(false))
                    {
                        worker.OnDebuggerChanged(isAttached: false);
                        continue;
                    }

                    log.WorkerFrozen(worker.Slot, worker.ProcessId);
                    worker.Kill(new StopOrder(StopCause.LostDebugger, "its debugger has ended and left it standing still"));
                }
            }

            debugged.RemoveWhere(static worker => worker.Ended.IsCompleted);
        }
    }

    /// <summary>The polling interval for this many workers, in whole hundredths of a second.</summary>
    public static TimeSpan IntervalFor(int workers)
    {
        var interval = IntervalForEach * workers;
        return interval < MinInterval ? MinInterval : interval > MaxInterval ? MaxInterval : interval;
    }

    private static async Task<bool> RespondsAsync(IWorker worker, CancellationToken ending)
    {
        for (var ping = 0; ping < MaxPings; ping++)
        {
            if (ending.IsCancellationRequested || await worker.RespondsAsync(PingTimeout).ConfigureAwait(false) || DebuggerProbe.IsAttached(worker.ProcessId) == true)
            {
                return true;
            }
        }

        return worker.Ended.IsCompleted;
    }
}
