using MultiProc.Diagnostics;
using MultiProc.Scheduling;

namespace MultiProc.Workers;

/// <summary>
/// Ends workers whose debugger died while they stood at a breakpoint: they would stand there for ever, and no other debugger can be attached. No event tells of
/// that, so workers are looked at from time to time, and one whose debugger is gone has to answer.
/// </summary>
/// <param name="alive">The workers that live now.</param>
/// <param name="log">Told of each that is ended.</param>
/// <param name="time">For the interval.</param>
internal sealed class DebuggerWatch(Func<IReadOnlyCollection<IWorker>> alive, PoolLog log, TimeProvider time)
{
    // A worker is looked at in less than 0.1 ms. So often that a debugger is seen before it can do much, and so seldom that looking costs next to nothing.
    private static readonly TimeSpan MinInterval = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan IntervalForEach = TimeSpan.FromMilliseconds(60);
    private static readonly TimeSpan MaxInterval = TimeSpan.FromSeconds(2);

    private static readonly TimeSpan PingTimeout = TimeSpan.FromSeconds(3);

    // If this process itself was stopped meanwhile, the first answer may be late through no fault of the worker's.
    private const int MaxPings = 2;

    /// <summary>Looks at them until the token is signalled. Never fails because of it.</summary>
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

    /// <summary>The time until the next look at so many workers, in whole hundredths of a second.</summary>
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
