using MultiProc.Scheduling;

namespace MultiProc.Workers;

/// <summary>How a lost worker is replaced, and when that makes no sense any more.</summary>
internal sealed partial class WorkerSupervisor
{
    private static readonly TimeSpan FilesInterval = TimeSpan.FromSeconds(1);

    private string? _filesReason;

    public bool Kill(int slot) => Tell(slot, static (_, runner) => runner.Kill(new StopOrder(StopCause.Request, "somebody asked for it over the control pipe")));

    public bool Recycle(int slot) => Tell(slot, static (dispatcher, runner) => dispatcher.Recycle(runner));

    private bool Tell(int slot, Action<Dispatcher, IWorker> order)
    {
        IWorker? runner;
        lock (_gate)
        {
            runner = _slots.Find(place => place.Index == slot)?.Current;
        }

        if (runner is not null)
        {
            order(_dispatcher, runner);
        }

        return runner is not null;
    }

    /// <summary>Waits for the worker's end, and replaces it if it was lost.</summary>
    private async Task FollowAsync(WorkerSlot slot, IWorker runner)
    {
        RunnerExit exit;
        try
        {
            exit = await runner.Ended.ConfigureAwait(false);
        }
        catch
        {
            runner.KillNow();
            throw;
        }

        // If it ended before it was attached, the dispatcher did not know it then; otherwise this does nothing.
        _dispatcher.OnLost(runner, exit, LastStatus.Idle);
        _insights?.NoteGone(slot.Index);
        lock (_gate)
        {
            _alive.Remove(runner);
            if (slot.Current != runner || slot.IsReplacing || _ending.IsCancellationRequested)
            {
                // A retired worker's successor is there or on its way.
                return;
            }

            slot.Current = null;
            if (!_slots.Contains(slot))
            {
                return;
            }

            _restarted++;
            _metrics.NoteRestart(exit.StoppedBy is null ? "lost" : "stopped");
            if (IsTooMuch())
            {
                GiveUp($"{_losses.Count} workers were lost within {_options.RestartWindow} (MaxRestarts = {_options.MaxRestarts}); the last: {exit.Description}", null, _dispatcher.Fault);
                return;
            }

            _log.WorkerLost(slot.Index, exit.ProcessId, exit.Description);
            if (!runner.DiedUseless || runner.Age > _options.RestartWindow)
            {
                slot.ForgetFailures();
            }
            else
            {
                slot.CountFailure(SignalName.IsFromOutside(exit.Signal));
                if (slot.FailuresInRow >= RestartDelay.MaxFailuresInRow)
                {
                    GiveUp($"worker {WorkerSlot.NameOf(slot.Index)} was lost {slot.FailuresInRow} times in a row before it had ended a call; the last time: {exit.Description}", null, _dispatcher.Fault);
                    return;
                }
            }

            Replace(slot);
        }
    }

    private void Replace(WorkerSlot slot)
    {
        slot.Restarts++;
        _starts.RemoveWhere(static start => start.IsCompleted);
        while (_standby.TryDequeue(out var standby))
        {
            _starts.Add(Task.Run(() => StandByAgainAsync()));
            if (!standby.Ended.IsCompleted)
            {
                standby.Promote(slot.Index);
                slot.Current = standby;
                _starts.Add(OrGiveUpAsync(slot, Task.Run(() => Attach(slot, standby))));
                return;
            }
        }

        slot.IsReplacing = true;
        _starts.Add(OrGiveUpAsync(slot, Task.Run(() => ReplaceAsync(slot))));
    }

    private async Task ReplaceAsync(WorkerSlot slot)
    {
        while (!_ending.IsCancellationRequested)
        {
            try
            {
                await Task.Delay(RestartDelay.After(slot.FailuresInRow, Random.Shared.NextDouble()), _time, _ending.Token).ConfigureAwait(false);
                await FillAsync(slot, _ending.Token).ConfigureAwait(false);
                lock (_gate)
                {
                    _filesReason = null;
                }

                return;
            }
            catch (OperationCanceledException) when (_ending.IsCancellationRequested)
            {
                return;
            }
            catch (WorkerStartException exception) when (exception.IsOtherBuild)
            {
                // Somebody deploys, or has made a mistake. That is no fault of the worker's, and the files may come back at any time.
                await WaitForFilesAsync(slot.Index, exception).ConfigureAwait(false);
            }
            catch (Exception exception)
            {
                slot.CountFailure(exception is WorkerStartException { WasKilled: true });
                _log.WorkerNotStarted(slot.Index, slot.FailuresInRow, exception);
                _metrics.NoteRestart("start_failed");
                if (slot.FailuresInRow >= RestartDelay.MaxFailuresInRow)
                {
                    GiveUp($"worker {WorkerSlot.NameOf(slot.Index)} could not be started {slot.FailuresInRow} times in a row; the last cause: {exception.Message}", exception, _dispatcher.Fault);
                    return;
                }
            }
        }
    }

    // Told once for each reason, not for each look.
    private async Task WaitForFilesAsync(int slot, WorkerStartException exception)
    {
        bool isNew;
        lock (_gate)
        {
            isNew = _filesReason != exception.Message;
            _filesReason = exception.Message;
        }

        if (isNew)
        {
            _log.FilesDiffer(slot, exception.Message);
        }

        await Task.Delay(FilesInterval, _time, _ending.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    // What nobody awaits must not fail without a word: its slot would stay empty, and calls would wait for that worker for ever.
    private async Task OrGiveUpAsync(WorkerSlot slot, Task step)
    {
        try
        {
            await step.ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            lock (_gate)
            {
                // What was running there is not known, so nothing may be repeated, and nobody will tell its end.
                GiveUp($"worker {WorkerSlot.NameOf(slot.Index)} could be looked after no longer: {exception.Message}", exception, _dispatcher.FailAll);
            }
        }
    }

    private void GiveUp(string reason, Exception? cause, Action<Func<Exception>> end)
    {
        _log.PoolFaulted(reason, cause);
        var inner = _cause = (cause as WorkerStartException)?.InnerException ?? cause;
        _starts.Add(Task.Run(() => end(() => new WorkerStartException($"The pool has given up: {reason}", inner))));
    }

    /// <summary>Erlang's restart intensity: more losses within the window than are allowed.</summary>
    private bool IsTooMuch()
    {
        if (_options.MaxRestarts is not { } most)
        {
            return false;
        }

        _losses.Enqueue(_time.GetTimestamp());
        while (_time.GetElapsedTime(_losses.Peek()) > _options.RestartWindow)
        {
            _losses.Dequeue();
        }

        return _losses.Count > most;
    }
}
