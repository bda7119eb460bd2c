namespace MultiProc.Scheduling;

/// <summary>How work ends when nothing can run any more: the pool has given up, or is being terminated.</summary>
internal sealed partial class Dispatcher
{
    private readonly TaskCompletionSource _faulted = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private Func<Exception>? _fault;

    /// <summary>Completes when nothing will run any more: <see cref="FaultCause"/> tells why.</summary>
    public Task Faulted => _faulted.Task;

    /// <summary>What all work ends with from now on; null: it runs.</summary>
    public Exception? FaultCause
    {
        get
        {
            lock (_gate)
            {
                return _fault?.Invoke();
            }
        }
    }

    /// <summary>From now on, and for all that waits: this is what work ends with.</summary>
    public void Fault(Func<Exception> cause)
    {
        List<Ending> endings = [];
        lock (_gate)
        {
            _fault = cause;
            EndWaiting(cause, endings);
        }

        _faulted.TrySetResult();
        Tell(endings);
    }

    /// <summary>Everything that has not ended ends now; what runs is forgotten. For termination, after <see cref="Close"/>.</summary>
    public void FailAll(Func<Exception> cause)
    {
        List<Ending> endings = [];
        lock (_gate)
        {
            _fault = cause;
            EndWaiting(cause, endings);
            foreach (var seat in _seats)
            {
                foreach (var work in seat.Assigned)
                {
                    EndRest(work, cause(), endings);
                }

                seat.Assigned.Clear();
                seat.Outgoing.Clear();
            }
        }

        _faulted.TrySetResult();
        Tell(endings);
    }

    /// <summary>
    /// Runs what a timer or a thread of the pool has to do. What it throws would end the application; but it cannot be passed over either, for calls could wait
    /// for ever for what was not done. So the pool fails, and with it all calls.
    /// </summary>
    public void Guard(Action action)
    {
        try
        {
            action();
        }
        catch (Exception exception)
        {
            Break(exception);
        }
    }

    private void Break(Exception cause)
    {
        try
        {
            FailAll(() => new ProcessPoolException($"The pool has failed, and ends all calls: {cause.GetType().Name} on one of its own threads: {cause.Message}", cause));
            settings.Log?.PoolFaulted($"{cause.GetType().Name} on one of its own threads", cause);
        }
        catch (Exception)
        {
            // Not even that can be told, as when there is no memory at all. The application goes on.
        }
    }

    private void EndWaiting(Func<Exception> cause, List<Ending> endings)
    {
        while (NextWaiting() is { } work)
        {
            RemoveFromQueue(work);
            EndRest(work, cause(), endings);
        }
    }

    private Work? NextWaiting() =>
        _queue.Peek() ?? _seats.Select(static seat => seat.Bound.Peek()).FirstOrDefault(static work => work is not null) ?? _pinned.FirstOrDefault();

    /// <summary>Ends the items that have not been told. Collects what is to be told, for after the lock.</summary>
    private void EndRest(Work work, Exception error, List<Ending> endings)
    {
        for (var item = work.NextItem; item < work.EndItem && !work.IsAbandoned; item++)
        {
            Note(Ending.NotRun(work, item, error), endings);
        }

        Finish(work, failed: work.Remaining);
    }
}
