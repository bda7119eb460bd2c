namespace MultiProc.Sharing;

/// <summary>A pending asynchronous wait. Only the thread that serves it calls it.</summary>
internal abstract class AsyncWaiter(CancellationToken cancellationToken)
{
    private CancellationTokenRegistration _registration;

    public bool IsCanceled => cancellationToken.IsCancellationRequested;

    protected CancellationToken CancellationToken => cancellationToken;

    /// <summary>Has <paramref name="onCanceled"/> called on cancellation. Before the waiter is handed to its thread.</summary>
    public void Register(Action onCanceled) =>
        _registration = cancellationToken.UnsafeRegister(static action => ((Action)action!)(), onCanceled);

    /// <summary>Tries, and looks at the token.</summary>
    /// <returns>Whether the wait is over.</returns>
    public bool TryEnd(bool isOverdue)
    {
        try
        {
            return Unregister(TryComplete(isOverdue) || TryCancel());
        }
        catch (Exception e)
        {
            Fail(e); // not swallowed: it is what the wait ends with
            return true;
        }
    }

    /// <summary>Only looks at the token.</summary>
    public bool TryEndCanceled() => Unregister(TryCancel());

    /// <summary>Ends the wait.</summary>
    public void Fail(Exception exception)
    {
        SetException(exception);
        Unregister(isOver: true);
    }

    protected abstract void SetException(Exception exception);

    protected abstract bool TryComplete(bool isOverdue);

    protected abstract bool TryCancel();

    private bool Unregister(bool isOver)
    {
        if (isOver)
        {
            _registration.Dispose();
        }

        return isOver;
    }
}

/// <inheritdoc/>
internal sealed class AsyncWaiter<TResult>(Attempt<TResult> attempt, CancellationToken cancellationToken) : AsyncWaiter(cancellationToken)
{
    // Continuations are user code: never on the thread that serves everybody.
    private readonly TaskCompletionSource<TResult> _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task<TResult> Task => _completion.Task;

    protected override void SetException(Exception exception) => _completion.TrySetException(exception);

    protected override bool TryComplete(bool isOverdue) => attempt(isOverdue, out var result) && _completion.TrySetResult(result);

    protected override bool TryCancel() => IsCanceled && _completion.TrySetCanceled(CancellationToken);
}
