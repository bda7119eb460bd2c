namespace MultiProc.Workers;

/// <summary>Workers that are ready and wait to take over a slot, so that a loss costs no start-up time.</summary>
internal sealed partial class WorkerSupervisor
{
    /// <summary>Brings a standby worker to life, once.</summary>
    private async Task StandByAsync(CancellationToken cancellationToken)
    {
        var runner = await _start(WorkerSlot.Standby, static _ => { }, cancellationToken).ConfigureAwait(false);
        _log.WorkerReady(WorkerSlot.Standby, runner.ProcessId);
        runner.Rehearse();
        lock (_gate)
        {
            _alive.Add(runner);
            _standby.Enqueue(runner);
        }

        if (_ending.IsCancellationRequested)
        {
            runner.KillNow();
        }
    }

    /// <summary>One was used up: start another. If that fails, losses cost start-up time again, and the slots' own starts will tell the cause.</summary>
    private async Task StandByAgainAsync()
    {
        try
        {
            while (!await TryStandByAsync().ConfigureAwait(false))
            {
                // The application's files may come back.
            }
        }
        catch (Exception exception) when (exception is WorkerStartException or OperationCanceledException)
        {
            if (!_ending.IsCancellationRequested)
            {
                _log.WorkerNotStarted(WorkerSlot.Standby, 1, exception);
            }
        }
    }

    private async Task<bool> TryStandByAsync()
    {
        try
        {
            await StandByAsync(_ending.Token).ConfigureAwait(false);
            return true;
        }
        catch (WorkerStartException exception) when (exception.IsOtherBuild)
        {
            await WaitForFilesAsync(WorkerSlot.Standby, exception).ConfigureAwait(false);
            return _ending.IsCancellationRequested;
        }
    }
}
