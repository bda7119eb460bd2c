using System.Diagnostics;
using MultiProc.Protocol.Calls;
using MultiProc.Scheduling;

namespace MultiProc.Calls;

/// <summary>The future of one call.</summary>
/// <param name="span">The activity that ends with the call; null: nothing listens.</param>
internal sealed class SingleCall<TResult>(Activity? span) : TaskCompletionSource<TResult>(TaskCreationOptions.RunContinuationsAsynchronously), ICompletionSink
{
    // Boxed: few calls have a token, and the box keeps all the others smaller.
    private object? _cancellation;
    private AutoResetEvent? _waiter;

    /// <summary>Creates a call that is never submitted, because its token was signalled before.</summary>
    public static SingleCall<TResult> Cancelled(CancellationToken cancellationToken)
    {
        var call = new SingleCall<TResult>(span: null);
        call.TrySetCanceled(cancellationToken);
        return call;
    }

    /// <summary>Creates a call that is never submitted, because it cannot be serialized.</summary>
    public static SingleCall<TResult> Refused(NotSerializableException refusal)
    {
        var call = new SingleCall<TResult>(span: null);
        call.SetException(refusal);
        return call;
    }

    /// <summary>
    /// Blocks until the call has ended. A task's own wait would spin: with about as many processors as workers, it would
    /// take the processor from the worker, or from the thread that reads the answer.
    /// </summary>
    /// <returns>The result. A failure is thrown.</returns>
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

    /// <summary>Registers the caller's token: its signal ends the call at once and stops the work.</summary>
    public void LinkCancellation(Dispatcher dispatcher, Work work, CancellationToken cancellationToken)
    {
        if (cancellationToken.CanBeCanceled)
        {
            Register(dispatcher, work, cancellationToken);
        }
    }

    // A method of its own, because a closure is allocated on entry to the method that creates it.
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
            // The call ended before the registration was stored.
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
            // A token that the function captured was signalled, and the function stopped. As with Task.Run, that is
            // no failure.
            TryCancel(cancelled);
        }
        else
        {
            Fail(error);
        }

        Unregister();
    }

    /// <summary>Completes the call as cancelled.</summary>
    /// <returns>False if the call had ended before.</returns>
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

    // The end must be visible before this method checks for a waiter: either it sees the waiter, or the waiter sees
    // the end.
    private void Release()
    {
        Interlocked.MemoryBarrier();
        Volatile.Read(ref _waiter)?.Set();
    }
}
