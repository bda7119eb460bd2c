using System.Runtime.CompilerServices;
using MultiProc.Calls;

namespace MultiProc;

public static partial class ProcessPoolExtensions
{
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
    [OverloadResolutionPriority(4)]
    public static TResult Apply<T, TResult>(
        this IProcessPool pool,
        Func<T, Task<TResult>> function,
        T arg,
        CallOptions? options = null,
        CancellationToken cancellationToken = default) =>
        Blocking.Call<ValueTuple<T>, TResult>(Checked(pool), function, ValueTuple.Create(arg), options, cancellationToken);

    /// <inheritdoc cref="Apply{T, TResult}(IProcessPool, Func{T, Task{TResult}}, T, CallOptions?, CancellationToken)"/>
    [OverloadResolutionPriority(3)]
    public static TResult Apply<T, TResult>(
        this IProcessPool pool,
        Func<T, ValueTask<TResult>> function,
        T arg,
        CallOptions? options = null,
        CancellationToken cancellationToken = default) =>
        Blocking.Call<ValueTuple<T>, TResult>(Checked(pool), function, ValueTuple.Create(arg), options, cancellationToken);

    /// <inheritdoc cref="Apply{T, TResult}(IProcessPool, Func{T, Task{TResult}}, T, CallOptions?, CancellationToken)"/>
    [OverloadResolutionPriority(2)]
    public static void Apply<T>(
        this IProcessPool pool,
        Func<T, Task> function,
        T arg,
        CallOptions? options = null,
        CancellationToken cancellationToken = default) =>
        Blocking.Call<ValueTuple<T>, ValueTuple>(Checked(pool), function, ValueTuple.Create(arg), options, cancellationToken);

    /// <inheritdoc cref="Apply{T, TResult}(IProcessPool, Func{T, Task{TResult}}, T, CallOptions?, CancellationToken)"/>
    [OverloadResolutionPriority(1)]
    public static void Apply<T>(
        this IProcessPool pool,
        Func<T, ValueTask> function,
        T arg,
        CallOptions? options = null,
        CancellationToken cancellationToken = default) =>
        Blocking.Call<ValueTuple<T>, ValueTuple>(Checked(pool), function, ValueTuple.Create(arg), options, cancellationToken);

    /// <inheritdoc cref="Apply{T, TResult}(IProcessPool, Func{T, Task{TResult}}, T, CallOptions?, CancellationToken)"/>
    public static TResult Apply<T, TResult>(
        this IProcessPool pool,
        Func<T, TResult> function,
        T arg,
        CallOptions? options = null,
        CancellationToken cancellationToken = default) =>
        Blocking.Call<ValueTuple<T>, TResult>(Checked(pool), function, ValueTuple.Create(arg), options, cancellationToken);

    /// <inheritdoc cref="Apply{T, TResult}(IProcessPool, Func{T, Task{TResult}}, T, CallOptions?, CancellationToken)"/>
    public static void Apply<T>(
        this IProcessPool pool,
        Action<T> function,
        T arg,
        CallOptions? options = null,
        CancellationToken cancellationToken = default) =>
        Blocking.Call<ValueTuple<T>, ValueTuple>(Checked(pool), function, ValueTuple.Create(arg), options, cancellationToken);

    /// <inheritdoc cref="Apply{T, TResult}(IProcessPool, Func{T, Task{TResult}}, T, CallOptions?, CancellationToken)"/>
    [OverloadResolutionPriority(4)]
    public static TResult Apply<T1, T2, TResult>(
        this IProcessPool pool,
        Func<T1, T2, Task<TResult>> function,
        T1 arg1, T2 arg2,
        CallOptions? options = null,
        CancellationToken cancellationToken = default) =>
        Blocking.Call<(T1, T2), TResult>(Checked(pool), function, (arg1, arg2), options, cancellationToken);

    /// <inheritdoc cref="Apply{T, TResult}(IProcessPool, Func{T, Task{TResult}}, T, CallOptions?, CancellationToken)"/>
    [OverloadResolutionPriority(3)]
    public static TResult Apply<T1, T2, TResult>(
        this IProcessPool pool,
        Func<T1, T2, ValueTask<TResult>> function,
        T1 arg1, T2 arg2,
        CallOptions? options = null,
        CancellationToken cancellationToken = default) =>
        Blocking.Call<(T1, T2), TResult>(Checked(pool), function, (arg1, arg2), options, cancellationToken);

    /// <inheritdoc cref="Apply{T, TResult}(IProcessPool, Func{T, Task{TResult}}, T, CallOptions?, CancellationToken)"/>
    [OverloadResolutionPriority(2)]
    public static void Apply<T1, T2>(
        this IProcessPool pool,
        Func<T1, T2, Task> function,
        T1 arg1, T2 arg2,
        CallOptions? options = null,
        CancellationToken cancellationToken = default) =>
        Blocking.Call<(T1, T2), ValueTuple>(Checked(pool), function, (arg1, arg2), options, cancellationToken);

    /// <inheritdoc cref="Apply{T, TResult}(IProcessPool, Func{T, Task{TResult}}, T, CallOptions?, CancellationToken)"/>
    [OverloadResolutionPriority(1)]
    public static void Apply<T1, T2>(
        this IProcessPool pool,
        Func<T1, T2, ValueTask> function,
        T1 arg1, T2 arg2,
        CallOptions? options = null,
        CancellationToken cancellationToken = default) =>
        Blocking.Call<(T1, T2), ValueTuple>(Checked(pool), function, (arg1, arg2), options, cancellationToken);

    /// <inheritdoc cref="Apply{T, TResult}(IProcessPool, Func{T, Task{TResult}}, T, CallOptions?, CancellationToken)"/>
    public static TResult Apply<T1, T2, TResult>(
        this IProcessPool pool,
        Func<T1, T2, TResult> function,
        T1 arg1, T2 arg2,
        CallOptions? options = null,
        CancellationToken cancellationToken = default) =>
        Blocking.Call<(T1, T2), TResult>(Checked(pool), function, (arg1, arg2), options, cancellationToken);

    /// <inheritdoc cref="Apply{T, TResult}(IProcessPool, Func{T, Task{TResult}}, T, CallOptions?, CancellationToken)"/>
    public static void Apply<T1, T2>(
        this IProcessPool pool,
        Action<T1, T2> function,
        T1 arg1, T2 arg2,
        CallOptions? options = null,
        CancellationToken cancellationToken = default) =>
        Blocking.Call<(T1, T2), ValueTuple>(Checked(pool), function, (arg1, arg2), options, cancellationToken);

    /// <inheritdoc cref="Apply{T, TResult}(IProcessPool, Func{T, Task{TResult}}, T, CallOptions?, CancellationToken)"/>
    [OverloadResolutionPriority(4)]
    public static TResult Apply<T1, T2, T3, TResult>(
        this IProcessPool pool,
        Func<T1, T2, T3, Task<TResult>> function,
        T1 arg1, T2 arg2, T3 arg3,
        CallOptions? options = null,
        CancellationToken cancellationToken = default) =>
        Blocking.Call<(T1, T2, T3), TResult>(Checked(pool), function, (arg1, arg2, arg3), options, cancellationToken);

    /// <inheritdoc cref="Apply{T, TResult}(IProcessPool, Func{T, Task{TResult}}, T, CallOptions?, CancellationToken)"/>
    [OverloadResolutionPriority(3)]
    public static TResult Apply<T1, T2, T3, TResult>(
        this IProcessPool pool,
        Func<T1, T2, T3, ValueTask<TResult>> function,
        T1 arg1, T2 arg2, T3 arg3,
        CallOptions? options = null,
        CancellationToken cancellationToken = default) =>
        Blocking.Call<(T1, T2, T3), TResult>(Checked(pool), function, (arg1, arg2, arg3), options, cancellationToken);

    /// <inheritdoc cref="Apply{T, TResult}(IProcessPool, Func{T, Task{TResult}}, T, CallOptions?, CancellationToken)"/>
    [OverloadResolutionPriority(2)]
    public static void Apply<T1, T2, T3>(
        this IProcessPool pool,
        Func<T1, T2, T3, Task> function,
        T1 arg1, T2 arg2, T3 arg3,
        CallOptions? options = null,
        CancellationToken cancellationToken = default) =>
        Blocking.Call<(T1, T2, T3), ValueTuple>(Checked(pool), function, (arg1, arg2, arg3), options, cancellationToken);

    /// <inheritdoc cref="Apply{T, TResult}(IProcessPool, Func{T, Task{TResult}}, T, CallOptions?, CancellationToken)"/>
    [OverloadResolutionPriority(1)]
    public static void Apply<T1, T2, T3>(
        this IProcessPool pool,
        Func<T1, T2, T3, ValueTask> function,
        T1 arg1, T2 arg2, T3 arg3,
        CallOptions? options = null,
        CancellationToken cancellationToken = default) =>
        Blocking.Call<(T1, T2, T3), ValueTuple>(Checked(pool), function, (arg1, arg2, arg3), options, cancellationToken);

    /// <inheritdoc cref="Apply{T, TResult}(IProcessPool, Func{T, Task{TResult}}, T, CallOptions?, CancellationToken)"/>
    public static TResult Apply<T1, T2, T3, TResult>(
        this IProcessPool pool,
        Func<T1, T2, T3, TResult> function,
        T1 arg1, T2 arg2, T3 arg3,
        CallOptions? options = null,
        CancellationToken cancellationToken = default) =>
        Blocking.Call<(T1, T2, T3), TResult>(Checked(pool), function, (arg1, arg2, arg3), options, cancellationToken);

    /// <inheritdoc cref="Apply{T, TResult}(IProcessPool, Func{T, Task{TResult}}, T, CallOptions?, CancellationToken)"/>
    public static void Apply<T1, T2, T3>(
        this IProcessPool pool,
        Action<T1, T2, T3> function,
        T1 arg1, T2 arg2, T3 arg3,
        CallOptions? options = null,
        CancellationToken cancellationToken = default) =>
        Blocking.Call<(T1, T2, T3), ValueTuple>(Checked(pool), function, (arg1, arg2, arg3), options, cancellationToken);

    /// <inheritdoc cref="Apply{T, TResult}(IProcessPool, Func{T, Task{TResult}}, T, CallOptions?, CancellationToken)"/>
    [OverloadResolutionPriority(4)]
    public static TResult Apply<T1, T2, T3, T4, TResult>(
        this IProcessPool pool,
        Func<T1, T2, T3, T4, Task<TResult>> function,
        T1 arg1, T2 arg2, T3 arg3, T4 arg4,
        CallOptions? options = null,
        CancellationToken cancellationToken = default) =>
        Blocking.Call<(T1, T2, T3, T4), TResult>(Checked(pool), function, (arg1, arg2, arg3, arg4), options, cancellationToken);

    /// <inheritdoc cref="Apply{T, TResult}(IProcessPool, Func{T, Task{TResult}}, T, CallOptions?, CancellationToken)"/>
    [OverloadResolutionPriority(3)]
    public static TResult Apply<T1, T2, T3, T4, TResult>(
        this IProcessPool pool,
        Func<T1, T2, T3, T4, ValueTask<TResult>> function,
        T1 arg1, T2 arg2, T3 arg3, T4 arg4,
        CallOptions? options = null,
        CancellationToken cancellationToken = default) =>
        Blocking.Call<(T1, T2, T3, T4), TResult>(Checked(pool), function, (arg1, arg2, arg3, arg4), options, cancellationToken);

    /// <inheritdoc cref="Apply{T, TResult}(IProcessPool, Func{T, Task{TResult}}, T, CallOptions?, CancellationToken)"/>
    [OverloadResolutionPriority(2)]
    public static void Apply<T1, T2, T3, T4>(
        this IProcessPool pool,
        Func<T1, T2, T3, T4, Task> function,
        T1 arg1, T2 arg2, T3 arg3, T4 arg4,
        CallOptions? options = null,
        CancellationToken cancellationToken = default) =>
        Blocking.Call<(T1, T2, T3, T4), ValueTuple>(Checked(pool), function, (arg1, arg2, arg3, arg4), options, cancellationToken);

    /// <inheritdoc cref="Apply{T, TResult}(IProcessPool, Func{T, Task{TResult}}, T, CallOptions?, CancellationToken)"/>
    [OverloadResolutionPriority(1)]
    public static void Apply<T1, T2, T3, T4>(
        this IProcessPool pool,
        Func<T1, T2, T3, T4, ValueTask> function,
        T1 arg1, T2 arg2, T3 arg3, T4 arg4,
        CallOptions? options = null,
        CancellationToken cancellationToken = default) =>
        Blocking.Call<(T1, T2, T3, T4), ValueTuple>(Checked(pool), function, (arg1, arg2, arg3, arg4), options, cancellationToken);

    /// <inheritdoc cref="Apply{T, TResult}(IProcessPool, Func{T, Task{TResult}}, T, CallOptions?, CancellationToken)"/>
    public static TResult Apply<T1, T2, T3, T4, TResult>(
        this IProcessPool pool,
        Func<T1, T2, T3, T4, TResult> function,
        T1 arg1, T2 arg2, T3 arg3, T4 arg4,
        CallOptions? options = null,
        CancellationToken cancellationToken = default) =>
        Blocking.Call<(T1, T2, T3, T4), TResult>(Checked(pool), function, (arg1, arg2, arg3, arg4), options, cancellationToken);

    /// <inheritdoc cref="Apply{T, TResult}(IProcessPool, Func{T, Task{TResult}}, T, CallOptions?, CancellationToken)"/>
    public static void Apply<T1, T2, T3, T4>(
        this IProcessPool pool,
        Action<T1, T2, T3, T4> function,
        T1 arg1, T2 arg2, T3 arg3, T4 arg4,
        CallOptions? options = null,
        CancellationToken cancellationToken = default) =>
        Blocking.Call<(T1, T2, T3, T4), ValueTuple>(Checked(pool), function, (arg1, arg2, arg3, arg4), options, cancellationToken);

    /// <inheritdoc cref="Apply{T, TResult}(IProcessPool, Func{T, Task{TResult}}, T, CallOptions?, CancellationToken)"/>
    [OverloadResolutionPriority(4)]
    public static TResult Apply<T1, T2, T3, T4, T5, TResult>(
        this IProcessPool pool,
        Func<T1, T2, T3, T4, T5, Task<TResult>> function,
        T1 arg1, T2 arg2, T3 arg3, T4 arg4, T5 arg5,
        CallOptions? options = null,
        CancellationToken cancellationToken = default) =>
        Blocking.Call<(T1, T2, T3, T4, T5), TResult>(Checked(pool), function, (arg1, arg2, arg3, arg4, arg5), options, cancellationToken);

    /// <inheritdoc cref="Apply{T, TResult}(IProcessPool, Func{T, Task{TResult}}, T, CallOptions?, CancellationToken)"/>
    [OverloadResolutionPriority(3)]
    public static TResult Apply<T1, T2, T3, T4, T5, TResult>(
        this IProcessPool pool,
        Func<T1, T2, T3, T4, T5, ValueTask<TResult>> function,
        T1 arg1, T2 arg2, T3 arg3, T4 arg4, T5 arg5,
        CallOptions? options = null,
        CancellationToken cancellationToken = default) =>
        Blocking.Call<(T1, T2, T3, T4, T5), TResult>(Checked(pool), function, (arg1, arg2, arg3, arg4, arg5), options, cancellationToken);

    /// <inheritdoc cref="Apply{T, TResult}(IProcessPool, Func{T, Task{TResult}}, T, CallOptions?, CancellationToken)"/>
    [OverloadResolutionPriority(2)]
    public static void Apply<T1, T2, T3, T4, T5>(
        this IProcessPool pool,
        Func<T1, T2, T3, T4, T5, Task> function,
        T1 arg1, T2 arg2, T3 arg3, T4 arg4, T5 arg5,
        CallOptions? options = null,
        CancellationToken cancellationToken = default) =>
        Blocking.Call<(T1, T2, T3, T4, T5), ValueTuple>(Checked(pool), function, (arg1, arg2, arg3, arg4, arg5), options, cancellationToken);

    /// <inheritdoc cref="Apply{T, TResult}(IProcessPool, Func{T, Task{TResult}}, T, CallOptions?, CancellationToken)"/>
    [OverloadResolutionPriority(1)]
    public static void Apply<T1, T2, T3, T4, T5>(
        this IProcessPool pool,
        Func<T1, T2, T3, T4, T5, ValueTask> function,
        T1 arg1, T2 arg2, T3 arg3, T4 arg4, T5 arg5,
        CallOptions? options = null,
        CancellationToken cancellationToken = default) =>
        Blocking.Call<(T1, T2, T3, T4, T5), ValueTuple>(Checked(pool), function, (arg1, arg2, arg3, arg4, arg5), options, cancellationToken);

    /// <inheritdoc cref="Apply{T, TResult}(IProcessPool, Func{T, Task{TResult}}, T, CallOptions?, CancellationToken)"/>
    public static TResult Apply<T1, T2, T3, T4, T5, TResult>(
        this IProcessPool pool,
        Func<T1, T2, T3, T4, T5, TResult> function,
        T1 arg1, T2 arg2, T3 arg3, T4 arg4, T5 arg5,
        CallOptions? options = null,
        CancellationToken cancellationToken = default) =>
        Blocking.Call<(T1, T2, T3, T4, T5), TResult>(Checked(pool), function, (arg1, arg2, arg3, arg4, arg5), options, cancellationToken);

    /// <inheritdoc cref="Apply{T, TResult}(IProcessPool, Func{T, Task{TResult}}, T, CallOptions?, CancellationToken)"/>
    public static void Apply<T1, T2, T3, T4, T5>(
        this IProcessPool pool,
        Action<T1, T2, T3, T4, T5> function,
        T1 arg1, T2 arg2, T3 arg3, T4 arg4, T5 arg5,
        CallOptions? options = null,
        CancellationToken cancellationToken = default) =>
        Blocking.Call<(T1, T2, T3, T4, T5), ValueTuple>(Checked(pool), function, (arg1, arg2, arg3, arg4, arg5), options, cancellationToken);

    /// <inheritdoc cref="Apply{T, TResult}(IProcessPool, Func{T, Task{TResult}}, T, CallOptions?, CancellationToken)"/>
    [OverloadResolutionPriority(4)]
    public static TResult Apply<T1, T2, T3, T4, T5, T6, TResult>(
        this IProcessPool pool,
        Func<T1, T2, T3, T4, T5, T6, Task<TResult>> function,
        T1 arg1, T2 arg2, T3 arg3, T4 arg4, T5 arg5, T6 arg6,
        CallOptions? options = null,
        CancellationToken cancellationToken = default) =>
        Blocking.Call<(T1, T2, T3, T4, T5, T6), TResult>(Checked(pool), function, (arg1, arg2, arg3, arg4, arg5, arg6), options, cancellationToken);

    /// <inheritdoc cref="Apply{T, TResult}(IProcessPool, Func{T, Task{TResult}}, T, CallOptions?, CancellationToken)"/>
    [OverloadResolutionPriority(3)]
    public static TResult Apply<T1, T2, T3, T4, T5, T6, TResult>(
        this IProcessPool pool,
        Func<T1, T2, T3, T4, T5, T6, ValueTask<TResult>> function,
        T1 arg1, T2 arg2, T3 arg3, T4 arg4, T5 arg5, T6 arg6,
        CallOptions? options = null,
        CancellationToken cancellationToken = default) =>
        Blocking.Call<(T1, T2, T3, T4, T5, T6), TResult>(Checked(pool), function, (arg1, arg2, arg3, arg4, arg5, arg6), options, cancellationToken);

    /// <inheritdoc cref="Apply{T, TResult}(IProcessPool, Func{T, Task{TResult}}, T, CallOptions?, CancellationToken)"/>
    [OverloadResolutionPriority(2)]
    public static void Apply<T1, T2, T3, T4, T5, T6>(
        this IProcessPool pool,
        Func<T1, T2, T3, T4, T5, T6, Task> function,
        T1 arg1, T2 arg2, T3 arg3, T4 arg4, T5 arg5, T6 arg6,
        CallOptions? options = null,
        CancellationToken cancellationToken = default) =>
        Blocking.Call<(T1, T2, T3, T4, T5, T6), ValueTuple>(Checked(pool), function, (arg1, arg2, arg3, arg4, arg5, arg6), options, cancellationToken);

    /// <inheritdoc cref="Apply{T, TResult}(IProcessPool, Func{T, Task{TResult}}, T, CallOptions?, CancellationToken)"/>
    [OverloadResolutionPriority(1)]
    public static void Apply<T1, T2, T3, T4, T5, T6>(
        this IProcessPool pool,
        Func<T1, T2, T3, T4, T5, T6, ValueTask> function,
        T1 arg1, T2 arg2, T3 arg3, T4 arg4, T5 arg5, T6 arg6,
        CallOptions? options = null,
        CancellationToken cancellationToken = default) =>
        Blocking.Call<(T1, T2, T3, T4, T5, T6), ValueTuple>(Checked(pool), function, (arg1, arg2, arg3, arg4, arg5, arg6), options, cancellationToken);

    /// <inheritdoc cref="Apply{T, TResult}(IProcessPool, Func{T, Task{TResult}}, T, CallOptions?, CancellationToken)"/>
    public static TResult Apply<T1, T2, T3, T4, T5, T6, TResult>(
        this IProcessPool pool,
        Func<T1, T2, T3, T4, T5, T6, TResult> function,
        T1 arg1, T2 arg2, T3 arg3, T4 arg4, T5 arg5, T6 arg6,
        CallOptions? options = null,
        CancellationToken cancellationToken = default) =>
        Blocking.Call<(T1, T2, T3, T4, T5, T6), TResult>(Checked(pool), function, (arg1, arg2, arg3, arg4, arg5, arg6), options, cancellationToken);

    /// <inheritdoc cref="Apply{T, TResult}(IProcessPool, Func{T, Task{TResult}}, T, CallOptions?, CancellationToken)"/>
    public static void Apply<T1, T2, T3, T4, T5, T6>(
        this IProcessPool pool,
        Action<T1, T2, T3, T4, T5, T6> function,
        T1 arg1, T2 arg2, T3 arg3, T4 arg4, T5 arg5, T6 arg6,
        CallOptions? options = null,
        CancellationToken cancellationToken = default) =>
        Blocking.Call<(T1, T2, T3, T4, T5, T6), ValueTuple>(Checked(pool), function, (arg1, arg2, arg3, arg4, arg5, arg6), options, cancellationToken);

    /// <inheritdoc cref="Apply{T, TResult}(IProcessPool, Func{T, Task{TResult}}, T, CallOptions?, CancellationToken)"/>
    [OverloadResolutionPriority(4)]
    public static TResult Apply<T1, T2, T3, T4, T5, T6, T7, TResult>(
        this IProcessPool pool,
        Func<T1, T2, T3, T4, T5, T6, T7, Task<TResult>> function,
        T1 arg1, T2 arg2, T3 arg3, T4 arg4, T5 arg5, T6 arg6, T7 arg7,
        CallOptions? options = null,
        CancellationToken cancellationToken = default) =>
        Blocking.Call<(T1, T2, T3, T4, T5, T6, T7), TResult>(Checked(pool), function, (arg1, arg2, arg3, arg4, arg5, arg6, arg7), options, cancellationToken);

    /// <inheritdoc cref="Apply{T, TResult}(IProcessPool, Func{T, Task{TResult}}, T, CallOptions?, CancellationToken)"/>
    [OverloadResolutionPriority(3)]
    public static TResult Apply<T1, T2, T3, T4, T5, T6, T7, TResult>(
        this IProcessPool pool,
        Func<T1, T2, T3, T4, T5, T6, T7, ValueTask<TResult>> function,
        T1 arg1, T2 arg2, T3 arg3, T4 arg4, T5 arg5, T6 arg6, T7 arg7,
        CallOptions? options = null,
        CancellationToken cancellationToken = default) =>
        Blocking.Call<(T1, T2, T3, T4, T5, T6, T7), TResult>(Checked(pool), function, (arg1, arg2, arg3, arg4, arg5, arg6, arg7), options, cancellationToken);

    /// <inheritdoc cref="Apply{T, TResult}(IProcessPool, Func{T, Task{TResult}}, T, CallOptions?, CancellationToken)"/>
    [OverloadResolutionPriority(2)]
    public static void Apply<T1, T2, T3, T4, T5, T6, T7>(
        this IProcessPool pool,
        Func<T1, T2, T3, T4, T5, T6, T7, Task> function,
        T1 arg1, T2 arg2, T3 arg3, T4 arg4, T5 arg5, T6 arg6, T7 arg7,
        CallOptions? options = null,
        CancellationToken cancellationToken = default) =>
        Blocking.Call<(T1, T2, T3, T4, T5, T6, T7), ValueTuple>(Checked(pool), function, (arg1, arg2, arg3, arg4, arg5, arg6, arg7), options, cancellationToken);

    /// <inheritdoc cref="Apply{T, TResult}(IProcessPool, Func{T, Task{TResult}}, T, CallOptions?, CancellationToken)"/>
    [OverloadResolutionPriority(1)]
    public static void Apply<T1, T2, T3, T4, T5, T6, T7>(
        this IProcessPool pool,
        Func<T1, T2, T3, T4, T5, T6, T7, ValueTask> function,
        T1 arg1, T2 arg2, T3 arg3, T4 arg4, T5 arg5, T6 arg6, T7 arg7,
        CallOptions? options = null,
        CancellationToken cancellationToken = default) =>
        Blocking.Call<(T1, T2, T3, T4, T5, T6, T7), ValueTuple>(Checked(pool), function, (arg1, arg2, arg3, arg4, arg5, arg6, arg7), options, cancellationToken);

    /// <inheritdoc cref="Apply{T, TResult}(IProcessPool, Func{T, Task{TResult}}, T, CallOptions?, CancellationToken)"/>
    public static TResult Apply<T1, T2, T3, T4, T5, T6, T7, TResult>(
        this IProcessPool pool,
        Func<T1, T2, T3, T4, T5, T6, T7, TResult> function,
        T1 arg1, T2 arg2, T3 arg3, T4 arg4, T5 arg5, T6 arg6, T7 arg7,
        CallOptions? options = null,
        CancellationToken cancellationToken = default) =>
        Blocking.Call<(T1, T2, T3, T4, T5, T6, T7), TResult>(Checked(pool), function, (arg1, arg2, arg3, arg4, arg5, arg6, arg7), options, cancellationToken);

    /// <inheritdoc cref="Apply{T, TResult}(IProcessPool, Func{T, Task{TResult}}, T, CallOptions?, CancellationToken)"/>
    public static void Apply<T1, T2, T3, T4, T5, T6, T7>(
        this IProcessPool pool,
        Action<T1, T2, T3, T4, T5, T6, T7> function,
        T1 arg1, T2 arg2, T3 arg3, T4 arg4, T5 arg5, T6 arg6, T7 arg7,
        CallOptions? options = null,
        CancellationToken cancellationToken = default) =>
        Blocking.Call<(T1, T2, T3, T4, T5, T6, T7), ValueTuple>(Checked(pool), function, (arg1, arg2, arg3, arg4, arg5, arg6, arg7), options, cancellationToken);

    /// <inheritdoc cref="Apply{T, TResult}(IProcessPool, Func{T, Task{TResult}}, T, CallOptions?, CancellationToken)"/>
    [OverloadResolutionPriority(4)]
    public static TResult Apply<T1, T2, T3, T4, T5, T6, T7, T8, TResult>(
        this IProcessPool pool,
        Func<T1, T2, T3, T4, T5, T6, T7, T8, Task<TResult>> function,
        T1 arg1, T2 arg2, T3 arg3, T4 arg4, T5 arg5, T6 arg6, T7 arg7, T8 arg8,
        CallOptions? options = null,
        CancellationToken cancellationToken = default) =>
        Blocking.Call<(T1, T2, T3, T4, T5, T6, T7, T8), TResult>(Checked(pool), function, (arg1, arg2, arg3, arg4, arg5, arg6, arg7, arg8), options, cancellationToken);

    /// <inheritdoc cref="Apply{T, TResult}(IProcessPool, Func{T, Task{TResult}}, T, CallOptions?, CancellationToken)"/>
    [OverloadResolutionPriority(3)]
    public static TResult Apply<T1, T2, T3, T4, T5, T6, T7, T8, TResult>(
        this IProcessPool pool,
        Func<T1, T2, T3, T4, T5, T6, T7, T8, ValueTask<TResult>> function,
        T1 arg1, T2 arg2, T3 arg3, T4 arg4, T5 arg5, T6 arg6, T7 arg7, T8 arg8,
        CallOptions? options = null,
        CancellationToken cancellationToken = default) =>
        Blocking.Call<(T1, T2, T3, T4, T5, T6, T7, T8), TResult>(Checked(pool), function, (arg1, arg2, arg3, arg4, arg5, arg6, arg7, arg8), options, cancellationToken);

    /// <inheritdoc cref="Apply{T, TResult}(IProcessPool, Func{T, Task{TResult}}, T, CallOptions?, CancellationToken)"/>
    [OverloadResolutionPriority(2)]
    public static void Apply<T1, T2, T3, T4, T5, T6, T7, T8>(
        this IProcessPool pool,
        Func<T1, T2, T3, T4, T5, T6, T7, T8, Task> function,
        T1 arg1, T2 arg2, T3 arg3, T4 arg4, T5 arg5, T6 arg6, T7 arg7, T8 arg8,
        CallOptions? options = null,
        CancellationToken cancellationToken = default) =>
        Blocking.Call<(T1, T2, T3, T4, T5, T6, T7, T8), ValueTuple>(Checked(pool), function, (arg1, arg2, arg3, arg4, arg5, arg6, arg7, arg8), options, cancellationToken);

    /// <inheritdoc cref="Apply{T, TResult}(IProcessPool, Func{T, Task{TResult}}, T, CallOptions?, CancellationToken)"/>
    [OverloadResolutionPriority(1)]
    public static void Apply<T1, T2, T3, T4, T5, T6, T7, T8>(
        this IProcessPool pool,
        Func<T1, T2, T3, T4, T5, T6, T7, T8, ValueTask> function,
        T1 arg1, T2 arg2, T3 arg3, T4 arg4, T5 arg5, T6 arg6, T7 arg7, T8 arg8,
        CallOptions? options = null,
        CancellationToken cancellationToken = default) =>
        Blocking.Call<(T1, T2, T3, T4, T5, T6, T7, T8), ValueTuple>(Checked(pool), function, (arg1, arg2, arg3, arg4, arg5, arg6, arg7, arg8), options, cancellationToken);

    /// <inheritdoc cref="Apply{T, TResult}(IProcessPool, Func{T, Task{TResult}}, T, CallOptions?, CancellationToken)"/>
    public static TResult Apply<T1, T2, T3, T4, T5, T6, T7, T8, TResult>(
        this IProcessPool pool,
        Func<T1, T2, T3, T4, T5, T6, T7, T8, TResult> function,
        T1 arg1, T2 arg2, T3 arg3, T4 arg4, T5 arg5, T6 arg6, T7 arg7, T8 arg8,
        CallOptions? options = null,
        CancellationToken cancellationToken = default) =>
        Blocking.Call<(T1, T2, T3, T4, T5, T6, T7, T8), TResult>(Checked(pool), function, (arg1, arg2, arg3, arg4, arg5, arg6, arg7, arg8), options, cancellationToken);

    /// <inheritdoc cref="Apply{T, TResult}(IProcessPool, Func{T, Task{TResult}}, T, CallOptions?, CancellationToken)"/>
    public static void Apply<T1, T2, T3, T4, T5, T6, T7, T8>(
        this IProcessPool pool,
        Action<T1, T2, T3, T4, T5, T6, T7, T8> function,
        T1 arg1, T2 arg2, T3 arg3, T4 arg4, T5 arg5, T6 arg6, T7 arg7, T8 arg8,
        CallOptions? options = null,
        CancellationToken cancellationToken = default) =>
        Blocking.Call<(T1, T2, T3, T4, T5, T6, T7, T8), ValueTuple>(Checked(pool), function, (arg1, arg2, arg3, arg4, arg5, arg6, arg7, arg8), options, cancellationToken);
}
