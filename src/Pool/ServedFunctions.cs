namespace MultiProc;

/// <summary>The functions of a pool that may be called over its control pipe, by processes of the same user: these, and nothing else. Immutable.</summary>
public sealed record ServedFunctions
{
    /// <summary>Their names. A request for any other is refused before <see cref="CallAsync"/> is asked.</summary>
    public required IReadOnlyCollection<string> Names { get; init; }

    /// <summary>
    /// Completes when <see cref="Names"/> are known: a pool can be found before that, and requests that ask for its functions, or call one, wait for it. Default: they are
    /// known from the beginning.
    /// </summary>
    public Task Ready { get; init; } = Task.CompletedTask;

    /// <summary>
    /// Makes a call, usually through <see cref="ServedCall.Pool"/>, and returns its result as JSON. What it throws becomes the client's error; a
    /// <see cref="PoolControlException"/> says that the call was refused. Called by several threads at once.
    /// </summary>
    public required Func<ServedCall, CancellationToken, Task<string>> CallAsync { get; init; }

    /// <summary>Told that a client wants the pool to end: at once if the argument is true, else when its calls have ended. Default null: that is refused.</summary>
    public Action<bool>? StopRequested { get; init; }
}
