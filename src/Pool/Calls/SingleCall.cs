using System.Diagnostics;
using MultiProc.Protocol.Boundary;
using MultiProc.Protocol.Calls;
using MultiProc.Protocol.Messages;
using MultiProc.Scheduling;

namespace MultiProc.Calls;

/// <summary>One call's future.</summary>
/// <param name="span">Ended with it; null: nobody traces.</param>
internal sealed class SingleCall<TResult>(Activity? span) : TaskCompletionSource<TResult>(TaskCreationOptions.RunContinuationsAsynchronously), IWorkSink
{
    private CancellationTokenRegistration _cancellation;

    /// <summary>From now on the caller's token ends the call at once, and stops the work.</summary>
    public void LinkCancellation(Dispatcher dispatcher, Work work, CancellationToken cancellationToken)
    {
        if (!cancellationToken.CanBeCanceled)
        {
            return;
        }

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
            _cancellation.Unregister();
        }
    }

    public void OnValues(Work work, int firstItem, int count, ReadOnlyMemory<byte> body)
    {
        try
        {
            using var reader = new BoundaryReader(ItemBlock.TakeItem(ref body), NoLiveImports.Instance);
            var value = reader.Read<TResult>();
            CallTrace.End(span, error: null);
            TrySetResult(value);
        }
        catch (Exception exception)
        {
            Fail(new ProcessPoolException($"The result of {work.Policy.Label} could not be read: {exception.Message}", exception));
        }

        _cancellation.Unregister();
    }

    public void OnFailure(Work work, int item, Exception error)
    {
        if (error is PoolEndedException)
        {
            TryCancel(CancellationToken.None);
        }
        else
        {
            Fail(error);
        }

        _cancellation.Unregister();
    }

    /// <summary>Ends it as cancelled.</summary>
    /// <returns>False when it had ended.</returns>
    public bool TryCancel(CancellationToken cancellationToken)
    {
        CallTrace.End(span, Task.IsCompleted ? null : new OperationCanceledException(cancellationToken));
        return TrySetCanceled(cancellationToken);
    }

    public void Fail(Exception error)
    {
        CallTrace.End(span, error);
        TrySetException(error);
    }
}
