using System.Runtime.CompilerServices;
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
    [OverloadResolutionPriority(4)]
    public static Task<TResult> RunAsync<TResult>(
        this IProcessPool pool, Func<Task<TResult>> function, CallOptions? options = null, CancellationToken cancellationToken = default) =>
        Checked(pool).SubmitAsync<ValueTuple, TResult>(function, default(ValueTuple), options, cancellationToken);

    /// <inheritdoc cref="RunAsync{TResult}(IProcessPool, Func{Task{TResult}}, CallOptions?, CancellationToken)"/>
    [OverloadResolutionPriority(3)]
    public static Task<TResult> RunAsync<TResult>(
        this IProcessPool pool, Func<ValueTask<TResult>> function, CallOptions? options = null, CancellationToken cancellationToken = default) =>
        Checked(pool).SubmitAsync<ValueTuple, TResult>(function, default(ValueTuple), options, cancellationToken);

    /// <inheritdoc cref="RunAsync{TResult}(IProcessPool, Func{Task{TResult}}, CallOptions?, CancellationToken)"/>
    [OverloadResolutionPriority(2)]
    public static Task RunAsync(
        this IProcessPool pool, Func<Task> function, CallOptions? options = null, CancellationToken cancellationToken = default) =>
        Checked(pool).SubmitAsync<ValueTuple, ValueTuple>(function, default(ValueTuple), options, cancellationToken);

    /// <inheritdoc cref="RunAsync{TResult}(IProcessPool, Func{Task{TResult}}, CallOptions?, CancellationToken)"/>
    [OverloadResolutionPriority(1)]
    public static Task RunAsync(
        this IProcessPool pool, Func<ValueTask> function, CallOptions? options = null, CancellationToken cancellationToken = default) =>
        Checked(pool).SubmitAsync<ValueTuple, ValueTuple>(function, default(ValueTuple), options, cancellationToken);

    /// <inheritdoc cref="RunAsync{TResult}(IProcessPool, Func{Task{TResult}}, CallOptions?, CancellationToken)"/>
    public static Task<TResult> RunAsync<TResult>(
        this IProcessPool pool, Func<TResult> function, CallOptions? options = null, CancellationToken cancellationToken = default) =>
        Checked(pool).SubmitAsync<ValueTuple, TResult>(function, default(ValueTuple), options, cancellationToken);

    /// <inheritdoc cref="RunAsync{TResult}(IProcessPool, Func{Task{TResult}}, CallOptions?, CancellationToken)"/>
    public static Task RunAsync(
        this IProcessPool pool, Action function, CallOptions? options = null, CancellationToken cancellationToken = default) =>
        Checked(pool).SubmitAsync<ValueTuple, ValueTuple>(function, default(ValueTuple), options, cancellationToken);

    /// <inheritdoc cref="RunAsync{TResult}(IProcessPool, Func{Task{TResult}}, CallOptions?, CancellationToken)"/>
    [OverloadResolutionPriority(4)]
    public static Task<TResult> RunAsync<TResult>(
        this IProcessPool pool, Func<CancellationToken, Task<TResult>> function, CallOptions? options = null, CancellationToken cancellationToken = default) =>
        Checked(pool).SubmitAsync<ValueTuple<CancellationToken>, TResult>(function, ValueTuple.Create(CallToken.Own), options, cancellationToken);

    /// <inheritdoc cref="RunAsync{TResult}(IProcessPool, Func{Task{TResult}}, CallOptions?, CancellationToken)"/>
    [OverloadResolutionPriority(3)]
    public static Task<TResult> RunAsync<TResult>(
        this IProcessPool pool, Func<CancellationToken, ValueTask<TResult>> function, CallOptions? options = null, CancellationToken cancellationToken = default) =>
        Checked(pool).SubmitAsync<ValueTuple<CancellationToken>, TResult>(function, ValueTuple.Create(CallToken.Own), options, cancellationToken);

    /// <inheritdoc cref="RunAsync{TResult}(IProcessPool, Func{Task{TResult}}, CallOptions?, CancellationToken)"/>
    [OverloadResolutionPriority(2)]
    public static Task RunAsync(
        this IProcessPool pool, Func<CancellationToken, Task> function, CallOptions? options = null, CancellationToken cancellationToken = default) =>
        Checked(pool).SubmitAsync<ValueTuple<CancellationToken>, ValueTuple>(function, ValueTuple.Create(CallToken.Own), options, cancellationToken);

    /// <inheritdoc cref="RunAsync{TResult}(IProcessPool, Func{Task{TResult}}, CallOptions?, CancellationToken)"/>
    [OverloadResolutionPriority(1)]
    public static Task RunAsync(
        this IProcessPool pool, Func<CancellationToken, ValueTask> function, CallOptions? options = null, CancellationToken cancellationToken = default) =>
        Checked(pool).SubmitAsync<ValueTuple<CancellationToken>, ValueTuple>(function, ValueTuple.Create(CallToken.Own), options, cancellationToken);

    /// <inheritdoc cref="RunAsync{TResult}(IProcessPool, Func{Task{TResult}}, CallOptions?, CancellationToken)"/>
    public static Task<TResult> RunAsync<TResult>(
        this IProcessPool pool, Func<CancellationToken, TResult> function, CallOptions? options = null, CancellationToken cancellationToken = default) =>
        Checked(pool).SubmitAsync<ValueTuple<CancellationToken>, TResult>(function, ValueTuple.Create(CallToken.Own), options, cancellationToken);

    /// <inheritdoc cref="RunAsync{TResult}(IProcessPool, Func{Task{TResult}}, CallOptions?, CancellationToken)"/>
    public static Task RunAsync(
        this IProcessPool pool, Action<CancellationToken> function, CallOptions? options = null, CancellationToken cancellationToken = default) =>
        Checked(pool).SubmitAsync<ValueTuple<CancellationToken>, ValueTuple>(function, ValueTuple.Create(CallToken.Own), options, cancellationToken);

    private static IProcessPool Checked(IProcessPool pool)
    {
        ArgumentNullException.ThrowIfNull(pool);
        return pool;
    }
}
