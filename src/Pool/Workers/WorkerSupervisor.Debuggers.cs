using MultiProc.Diagnostics;
using MultiProc.Scheduling;

namespace MultiProc.Workers;

/// <summary>
/// A debugger that dies while its worker stands at a breakpoint leaves it standing there for ever, and no other can be attached. Nobody hears of that: so
/// workers are looked at from time to time, and one whose debugger is gone has to answer.
/// </summary>
internal sealed partial class WorkerSupervisor
{
    // A worker is looked at in less than 0.1 ms. So often that a debugger is seen before it can do much, and so seldom that looking costs next to nothing.
    private static readonly TimeSpan LookInterval = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan LookIntervalForEach = TimeSpan.FromMilliseconds(60);
    private static readonly TimeSpan LongestLookInterval = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan AnswerPatience = TimeSpan.FromSeconds(3);

    // If this process itself was stopped meanwhile, the first answer may be late through no fault of the worker's.
    private const int Questions = 2;

    private async Task WatchDebuggersAsync()
    {
        HashSet<IWorker> debugged = [];
        while (!_ending.IsCancellationRequested)
        {
            var interval = LookIntervalForEach * Alive().Length;
            interval = interval < LookInterval ? LookInterval : interval > LongestLookInterval ? LongestLookInterval : interval;
            await Task.Delay(interval, _time, _ending.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            foreach (var runner in Alive())
            {
                if (runner.LookForDebugger())
                {
                    debugged.Add(runner);
                    runner.NoteDebugger(isAttached: true);
                }
                else if (debugged.Remove(runner) | runner.HasLostDebugger)
                {
                    if (await AnswersAsync(runner).ConfigureAwait(false))
                    {
                        runner.NoteDebugger(isAttached: false);
                        continue;
                    }

                    _log.WorkerFrozen(runner.Slot, runner.ProcessId);
                    runner.Kill(new StopOrder(StopCause.LostDebugger, "its debugger has ended and left it standing still"));
                }
            }

            debugged.RemoveWhere(static runner => runner.Ended.IsCompleted);
        }
    }

    private async Task<bool> AnswersAsync(IWorker runner)
    {
        for (var question = 0; question < Questions; question++)
        {
            if (_ending.IsCancellationRequested || await runner.AnswersAsync(AnswerPatience).ConfigureAwait(false) || DebuggerProbe.IsAttached(runner.ProcessId))
            {
                return true;
            }
        }

        return runner.Ended.IsCompleted;
    }
}
