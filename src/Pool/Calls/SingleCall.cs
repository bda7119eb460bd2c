using System.Diagnostics;
using MultiProc.Protocol.Calls;
using MultiProc.Scheduling;

namespace MultiProc.Calls;

/// <summary>One call's future.</summary>
/// <param name="span">Ended with it; null: nobody traces.</param>
internal sealed class SingleCall<TResult>(Activity? span) : TaskCompletionSource<TResult>(TaskCreationOptions.RunContinuationsAsynchronously), ICompletionSink
{
    // Boxed, because few calls have a token, and those that have none are smaller by it.
    private object? _cancellation;
    private AutoResetEvent? _waiter;

    /// <summary>A call that was never submitted: its token had been signalled before.</summary>
    public static SingleCall<TResult> Cancelled(CancellationToken cancellationToken)
    {
        var call = new SingleCall<TResult>(span: null);
        call.TrySetCanceled(cancellationToken);
        return call;
    }

    /// <summary>A call that was never submitted: something in it cannot cross.</summary>
    public static SingleCall<TResult> Refused(NotSerializableException refusal)
    {
        var call = new SingleCall<TResult>(span: null);
        call.SetException(refusal);
        return call;
    }

    /// <summary>
    /// Blocks until it has ended. Without spinning, unlike a task's own wait: where there are about as many processors as workers, the worker, or whoever reads
    /// its answer, would be waiting for this one's.
    /// </summary>
    /// <returns>The result; a failure is thrown.</returns>
    public TResult Wait()
    {
        var thread = BlockedThread.Current;
        if (!thread.SpinWait.Wait(Task, static task => task.IsCompleted))
        {
            Interlocked.Exchange(ref _waiter, thread.Event);
            while (!Task.IsCompleted)
            {
                thread.Event.WaitOne();
            }
        }

        return Task.GetAwaiter().GetResult();
    }

    /// <summary>From now on the caller's token ends the call at once, and stops the work.</summary>
    public void LinkCancellation(Dispatcher dispatcher, Work work, CancellationToken cancellationToken)
    {
        if (cancellationToken.CanBeCanceled)
        {
            Register(dispatcher, work, cancellationToken);
        }
    }

    // Apart, because what the callback captures is allocated on entry.
    private void Register(Dispatcher dispatcher, Work work, CancellationToken cancellationToken)
    {
        _cancellation = cancellationToken.UnsafeRegister(
            _ =>
            {
                if (TryCancel(cancellationToken))
                {
                    dispatcher.Abandon(work);
                }
            },
            null);
        if (Task.IsCompleted)
        {
            // It ended before the registration was kept.
            Unregister();
        }
    }

    public void OnValues(Work work, int firstItem, int count, ReadOnlyMemory<byte> body)
    {
        try
        {
            var value = WorkerResults.Take<TResult>(work, ref body);
            CallTrace.End(span, error: null);
            TrySetResult(value);
            Release();
        }
        catch (Exception exception)
        {
            Fail(WorkerResults.Failure(work, exception));
        }

        Unregister();
    }

    public void OnFailure(Work work, int item, Exception error)
    {
        if (error is PoolEndedException)
        {
            TryCancel(CancellationToken.None);
        }
        else if (error is OperationCanceledException && work.Live?.CancelledToken is { } cancelled)
        {
            // A token that the function captured was signalled, and it stopped: as with Task.Run, that is no fault.
            TryCancel(cancelled);
        }
        else
        {
            Fail(error);
        }

        Unregister();
    }

    /// <summary>Ends it as cancelled.</summary>
    /// <returns>False when it had ended.</returns>
    public bool TryCancel(CancellationToken cancellationToken)
    {
        CallTrace.End(span, Task.IsCompleted ? null : new OperationCanceledException(cancellationToken));
        var hasEnded = TrySetCanceled(cancellationToken);
        Release();
        return hasEnded;
    }

    public void Fail(Exception error)
    {
        CallTrace.End(span, error);
        TrySetException(error);
        Release();
    }

    private void Unregister() => (_cancellation as CancellationTokenRegistration?)?.Unregister();

    // Either it is seen here that somebody waits, or whoever begins to wait sees the end: so the end must be visible before the waiter is looked for.
    private void Release()
    {
        Interlocked.MemoryBarrier();
        Volatile.Read(ref _waiter)?.Set();
    }
}
