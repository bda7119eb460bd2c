namespace MultiProc;

/// <summary>
/// The operations that every kind of pool has: submit a call, submit a sequence, and end. The calls that users make - <c>RunAsync</c>, <c>ApplyAsync</c>,
/// <c>MapAsync</c> and others - are extension methods on it, in <see cref="ProcessPoolExtensions"/>.
/// All members are safe to call from any number of threads.
/// </summary>
public interface IProcessPool : IAsyncDisposable, IDisposable
{
    /// <summary>What the pool was started with.</summary>
    ProcessPoolOptions Options { get; }

    /// <summary>A snapshot of the workers, one per slot, by slot.</summary>
    IReadOnlyList<WorkerInfo> Workers { get; }

    /// <summary>A snapshot of the pool's counters.</summary>
    PoolStatistics Statistics { get; }

    /// <summary>Submits one call.</summary>
    /// <typeparam name="TArguments">A <see cref="ValueTuple"/> of the function's arguments, 0 to 8 of them.</typeparam>
    /// <typeparam name="TResult">What the function returns, or what the task that it returns brings; <see cref="ValueTuple"/> when it returns nothing.</typeparam>
    /// <param name="function">A <c>Func</c> or <c>Action</c> over the arguments; one that returns a task is awaited in the worker.</param>
    /// <param name="arguments">The arguments; copied before this method returns.</param>
    /// <param name="options">How to run it; null: the defaults.</param>
    /// <param name="cancellationToken">Cancels the call, waiting or running.</param>
    /// <returns>A task with the function's result, or with its failure as described in the documentation of errors.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="function"/> is null.</exception>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of its range.</exception>
    /// <exception cref="InvalidOperationException">The pool is closed (<see cref="ObjectDisposedException"/> when disposed).</exception>
    Task<TResult> SubmitAsync<TArguments, TResult>(
        Delegate function, TArguments arguments, CallOptions? options = null, CancellationToken cancellationToken = default)
        where TArguments : struct;

    /// <summary>Submits one call for each element of a sequence, reading no further ahead than <see cref="MapOptions.MaxBuffered"/>.</summary>
    /// <typeparam name="TArguments">A <see cref="ValueTuple"/> of the function's arguments, 1 to 8 of them.</typeparam>
    /// <typeparam name="TResult">As for <see cref="SubmitAsync"/>.</typeparam>
    /// <param name="function">As for <see cref="SubmitAsync"/>; it and what it captures are copied once, before this method returns.</param>
    /// <param name="source">The arguments of each call, in order.</param>
    /// <param name="inOrder">Whether runs come in the order of the source, or as they finish.</param>
    /// <param name="options">How to run it; null: the defaults.</param>
    /// <param name="cancellationToken">Cancels what is waiting and running. Disposing the enumerator does the same.</param>
    /// <returns>
    /// Runs of finished items, which together hold each item exactly once. A failing item comes as a run of its own;
    /// going on or stopping is the consumer's choice. An exception of <paramref name="source"/> itself is thrown as it is, behind the items before it.
    /// </returns>
    IAsyncEnumerable<FinishedItems<TResult>> SubmitSequenceAsync<TArguments, TResult>(
        Delegate function, IAsyncEnumerable<TArguments> source, bool inOrder, MapOptions? options = null, CancellationToken cancellationToken = default)
        where TArguments : struct;

    /// <summary>Runs a function once on every worker.</summary>
    /// <typeparam name="TResult">As for <see cref="SubmitAsync"/>.</typeparam>
    /// <param name="function">A <c>Func</c> or <c>Action</c> without arguments.</param>
    /// <param name="options">How to run it; null: the defaults.</param>
    /// <param name="cancellationToken">Cancels the calls.</param>
    /// <returns>The results by slot; the task fails with the first failure by slot, once all have ended.</returns>
    Task<TResult[]> SubmitToAllAsync<TResult>(Delegate function, CallOptions? options = null, CancellationToken cancellationToken = default);

    /// <summary>Changes the number of workers. Growing completes when the new ones are ready; shrinking waits for the calls that run and loses none.</summary>
    /// <param name="processes">The new number; at least 1 for a pool of processes, exactly 0 for one that runs in this process.</param>
    /// <param name="cancellationToken">Stops waiting; the change goes on.</param>
    Task ResizeAsync(int processes, CancellationToken cancellationToken = default);

    /// <summary>No new calls; what was accepted still runs. Calling it again does nothing.</summary>
    void Close();

    /// <summary>After <see cref="Close"/>: completes when all calls have ended and all workers have exited.</summary>
    /// <param name="cancellationToken">Stops waiting; the pool drains on.</param>
    /// <exception cref="InvalidOperationException">The pool is still open.</exception>
    Task JoinAsync(CancellationToken cancellationToken = default);

    /// <summary>
    /// Ends the pool now: outstanding calls end as cancelled, and the workers are gone when the task completes. Called from code that the pool itself is calling
    /// and waits for - a logger, a handler of output, a listener - it returns a completed task, and the pool ends behind it.
    /// </summary>
    Task TerminateAsync();
}
