namespace MultiProc.Sharing;

/// <summary>A pending asynchronous wait. Only the thread that serves the wait calls it.</summary>
internal abstract class AsyncWaiter(CancellationToken cancellationToken)
{
    private CancellationTokenRegistration _registration;

    public bool IsCanceled => cancellationToken.IsCancellationRequested;

    protected CancellationToken CancellationToken => cancellationToken;

    /// <summary>
    /// Registers a callback for cancellation. To be called before the waiter is handed to its thread.
    /// </summary>
    public void Register(Action onCanceled) =>
        _registration = cancellationToken.UnsafeRegister(static action => ((Action)action!)(), onCanceled);

    /// <summary>Makes an attempt, and checks the token.</summary>
    /// <returns>Whether the wait has ended.</returns>
    public bool TryEnd(bool isOverdue)
    {
        try
        {
            return Unregister(TryComplete(isOverdue) || TryCancel());
        }
        catch (Exception e)
        {
            Fail(e); // the wait ends with this exception
            return true;
        }
    }

    /// <summary>Checks the token only.</summary>
    public bool TryEndCanceled() => Unregister(TryCancel());

    /// <summary>Ends the wait with an exception.</summary>
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
    // Continuations are user code, and must not run on the thread that serves all waits.
    private readonly TaskCompletionSource<TResult> _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task<TResult> Task => _completion.Task;

    protected override void SetException(Exception exception) => _completion.TrySetException(exception);

    protected override bool TryComplete(bool isOverdue) => attempt(isOverdue, out var result) && _completion.TrySetResult(result);

    protected override bool TryCancel() => IsCanceled && _completion.TrySetCanceled(CancellationToken);
}
