using System.Runtime.CompilerServices;

namespace MultiProc;

public static partial class ProcessPoolExtensions
{
    /// <summary>Runs a function once on every worker, for instance to clear a cache that it holds.</summary>
    /// <typeparam name="TResult">What the function returns; it is copied back.</typeparam>
    /// <param name="pool">The pool.</param>
    /// <param name="function">What to run on each worker; if it returns a task, that is awaited there.</param>
    /// <param name="options">How to run it; null: the defaults.</param>
    /// <param name="cancellationToken">Cancels the calls, waiting or running.</param>
    /// <returns>The results, by slot; fewer if the pool was made smaller before every worker could begin. The task fails with the first failure by slot, once all have ended.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="pool"/> or <paramref name="function"/> is null.</exception>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of its range.</exception>
    /// <exception cref="InvalidOperationException">The pool is closed.</exception>
    [OverloadResolutionPriority(4)]
    public static Task<TResult[]> BroadcastAsync<TResult>(
        this IProcessPool pool, Func<Task<TResult>> function, CallOptions? options = null, CancellationToken cancellationToken = default) =>
        Checked(pool).SubmitToAllAsync<TResult>(function, options, cancellationToken);

    /// <inheritdoc cref="BroadcastAsync{TResult}(IProcessPool, Func{Task{TResult}}, CallOptions?, CancellationToken)"/>
    [OverloadResolutionPriority(3)]
    public static Task<TResult[]> BroadcastAsync<TResult>(
        this IProcessPool pool, Func<ValueTask<TResult>> function, CallOptions? options = null, CancellationToken cancellationToken = default) =>
        Checked(pool).SubmitToAllAsync<TResult>(function, options, cancellationToken);

    /// <inheritdoc cref="BroadcastAsync{TResult}(IProcessPool, Func{Task{TResult}}, CallOptions?, CancellationToken)"/>
    [OverloadResolutionPriority(2)]
    public static Task BroadcastAsync(
        this IProcessPool pool, Func<Task> function, CallOptions? options = null, CancellationToken cancellationToken = default) =>
        Checked(pool).SubmitToAllAsync<ValueTuple>(function, options, cancellationToken);

    /// <inheritdoc cref="BroadcastAsync{TResult}(IProcessPool, Func{Task{TResult}}, CallOptions?, CancellationToken)"/>
    [OverloadResolutionPriority(1)]
    public static Task BroadcastAsync(
        this IProcessPool pool, Func<ValueTask> function, CallOptions? options = null, CancellationToken cancellationToken = default) =>
        Checked(pool).SubmitToAllAsync<ValueTuple>(function, options, cancellationToken);

    /// <inheritdoc cref="BroadcastAsync{TResult}(IProcessPool, Func{Task{TResult}}, CallOptions?, CancellationToken)"/>
    public static Task<TResult[]> BroadcastAsync<TResult>(
        this IProcessPool pool, Func<TResult> function, CallOptions? options = null, CancellationToken cancellationToken = default) =>
        Checked(pool).SubmitToAllAsync<TResult>(function, options, cancellationToken);

    /// <inheritdoc cref="BroadcastAsync{TResult}(IProcessPool, Func{Task{TResult}}, CallOptions?, CancellationToken)"/>
    public static Task BroadcastAsync(
        this IProcessPool pool, Action function, CallOptions? options = null, CancellationToken cancellationToken = default) =>
        Checked(pool).SubmitToAllAsync<ValueTuple>(function, options, cancellationToken);
}
