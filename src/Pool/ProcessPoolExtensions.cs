using MultiProc.Calls;
using MultiProc.Live;

namespace MultiProc;

/// <summary>The calls of a pool: one function with arguments, a function for each element of a sequence, and a function on every worker. All members are safe to call from any number of threads.</summary>
/// <remarks>
/// Where one name takes several kinds of function, the kind that is awaited in the worker is preferred, so that an async lambda
/// never ends as a task of a task.
/// </remarks>
public static partial class ProcessPoolExtensions
{
    /// <summary>
    /// <see cref="Task.Run(Action)"/>, in another process. The function may be a lambda with captured variables: what its body uses is copied, now.
    /// </summary>
    /// <typeparam name="TResult">What the function returns; it is copied back.</typeparam>
    /// <param name="pool">The pool.</param>
    /// <param name="function">What to run in a worker. A function that takes a token is handed the call's own, signalled on cancellation and on timeout.</param>
    /// <param name="options">How to run it; null: the defaults.</param>
    /// <param name="cancellationToken">Cancels the call, waiting or running; the task is cancelled at once.</param>
    /// <returns>A task with the function's result.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="pool"/> or <paramref name="function"/> is null.</exception>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of its range.</exception>
    /// <exception cref="InvalidOperationException">The pool is closed.</exception>
    /// <remarks>
    /// The task fails with the function's own exception, with <see cref="NotSerializableException"/>, <see cref="WorkerLostException"/>,
    /// <see cref="CallTimeoutException"/> or <see cref="OperationCanceledException"/>.
    /// </remarks>
    [GenerateOverloads(WithoutResult = true)]
    public static Task<TResult> RunAsync<TResult>(
        this IProcessPool pool, Func<TResult> function, CallOptions? options = null, CancellationToken cancellationToken = default) =>
        Checked(pool).SubmitAsync<ValueTuple, TResult>(function, default(ValueTuple), options, cancellationToken);

    /// <inheritdoc cref="RunAsync{TResult}(IProcessPool, Func{TResult}, CallOptions?, CancellationToken)"/>
    [GenerateOverloads(WithoutResult = true)]
    public static Task<TResult> RunAsync<TResult>(
        this IProcessPool pool, Func<CancellationToken, TResult> function, CallOptions? options = null, CancellationToken cancellationToken = default) =>
        Checked(pool).SubmitAsync<ValueTuple<CancellationToken>, TResult>(function, ValueTuple.Create(CallToken.Own), options, cancellationToken);

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
    [GenerateOverloads(WithoutResult = true)]
    public static Task<TResult[]> BroadcastAsync<TResult>(
        this IProcessPool pool, Func<TResult> function, CallOptions? options = null, CancellationToken cancellationToken = default) =>
        Checked(pool).SubmitToAllAsync<TResult>(function, options, cancellationToken);

    /// <summary>Calls a function with arguments in a worker and waits for the result (<c>apply</c> in Python).</summary>
    /// <typeparam name="T">The argument's type.</typeparam>
    /// <typeparam name="TResult">What the function returns; it is copied back.</typeparam>
    /// <param name="pool">The pool.</param>
    /// <param name="function">What to run in a worker; if it returns a task, that is awaited there.</param>
    /// <param name="arg">The argument; it is copied.</param>
    /// <param name="options">How to run it; null: the defaults.</param>
    /// <param name="cancellationToken">Cancels the call, waiting or running.</param>
    /// <returns>The function's result.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="pool"/> or <paramref name="function"/> is null.</exception>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of its range.</exception>
    /// <exception cref="InvalidOperationException">The pool is closed.</exception>
    /// <remarks>It blocks the calling thread, but never needs it, nor its synchronization context, to make progress.</remarks>
    [GenerateOverloads(WithoutResult = true)]
    public static TResult Apply<T, TResult>(
        this IProcessPool pool,
        Func<T, TResult> function,
        T arg,
        CallOptions? options = null,
        CancellationToken cancellationToken = default) =>
        Blocking.Call<ValueTuple<T>, TResult>(Checked(pool), function, ValueTuple.Create(arg), options, cancellationToken);

    /// <inheritdoc cref="Apply{T, TResult}(IProcessPool, Func{T, TResult}, T, CallOptions?, CancellationToken)"/>
    [GenerateOverloads(WithoutResult = true, MaxArguments = 8)]
    public static TResult Apply<T1, T2, TResult>(
        this IProcessPool pool,
        Func<T1, T2, TResult> function,
        T1 arg1, T2 arg2,
        CallOptions? options = null,
        CancellationToken cancellationToken = default) =>
        Blocking.Call<(T1, T2), TResult>(Checked(pool), function, (arg1, arg2), options, cancellationToken);

    /// <summary>Calls a function with arguments in a worker (<c>apply_async</c> in Python).</summary>
    /// <typeparam name="T">The argument's type.</typeparam>
    /// <typeparam name="TResult">What the function returns; it is copied back.</typeparam>
    /// <param name="pool">The pool.</param>
    /// <param name="function">What to run in a worker; if it returns a task, that is awaited there.</param>
    /// <param name="arg">The argument; it is copied, now.</param>
    /// <param name="options">How to run it; null: the defaults.</param>
    /// <param name="cancellationToken">Cancels the call, waiting or running; the task is cancelled at once.</param>
    /// <returns>A task with the function's result.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="pool"/> or <paramref name="function"/> is null.</exception>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of its range.</exception>
    /// <exception cref="InvalidOperationException">The pool is closed.</exception>
    [GenerateOverloads(WithoutResult = true)]
    public static Task<TResult> ApplyAsync<T, TResult>(
        this IProcessPool pool,
        Func<T, TResult> function,
        T arg,
        CallOptions? options = null,
        CancellationToken cancellationToken = default) =>
        Checked(pool).SubmitAsync<ValueTuple<T>, TResult>(function, ValueTuple.Create(arg), options, cancellationToken);

    /// <inheritdoc cref="ApplyAsync{T, TResult}(IProcessPool, Func{T, TResult}, T, CallOptions?, CancellationToken)"/>
    [GenerateOverloads(WithoutResult = true, MaxArguments = 8)]
    public static Task<TResult> ApplyAsync<T1, T2, TResult>(
        this IProcessPool pool,
        Func<T1, T2, TResult> function,
        T1 arg1, T2 arg2,
        CallOptions? options = null,
        CancellationToken cancellationToken = default) =>
        Checked(pool).SubmitAsync<(T1, T2), TResult>(function, (arg1, arg2), options, cancellationToken);

    private static IProcessPool Checked(IProcessPool pool)
    {
        ArgumentNullException.ThrowIfNull(pool);
        return pool;
    }
}
