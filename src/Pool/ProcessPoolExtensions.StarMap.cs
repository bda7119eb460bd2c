using System.Runtime.CompilerServices;
using MultiProc.Sequences;

namespace MultiProc;

public static partial class ProcessPoolExtensions
{
    /// <summary>Calls a function with the parts of each tuple of a sequence, spread over the workers, and waits for the results (<c>starmap</c> in Python).</summary>
    /// <typeparam name="T1">The first part's type.</typeparam>
    /// <typeparam name="T2">The next part's type.</typeparam>
    /// <typeparam name="TResult">What the function returns; it is copied back.</typeparam>
    /// <param name="pool">The pool.</param>
    /// <param name="function">What to run for each tuple; if it returns a task, that is awaited in the worker.</param>
    /// <param name="source">The tuples; copied as they are read.</param>
    /// <param name="options">How to run it; null: the defaults.</param>
    /// <param name="cancellationToken">Cancels what is waiting and running.</param>
    /// <returns>The results, in the order of the source.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="pool"/>, <paramref name="function"/> or <paramref name="source"/> is null.</exception>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of its range.</exception>
    /// <exception cref="InvalidOperationException">The pool is closed.</exception>
    /// <remarks>
    /// The first failure ends the map: what has not begun is not run, and the failure is thrown with its item's position as <c>Data["Index"]</c>.
    /// An exception of <paramref name="source"/> itself is thrown as it is. To have every result, use <c>MapSettledAsync</c>.
    /// </remarks>
    [OverloadResolutionPriority(4)]
    public static TResult[] StarMap<T1, T2, TResult>(
        this IProcessPool pool,
        Func<T1, T2, Task<TResult>> function,
        IEnumerable<(T1, T2)> source,
        MapOptions? options = null,
        CancellationToken cancellationToken = default) =>
        Collection.ArrayAsync<(T1, T2), TResult>(Checked(pool), function, SequenceSource.OfTuples(source), options, cancellationToken).GetAwaiter().GetResult();

    /// <inheritdoc cref="StarMap{T1, T2, TResult}(IProcessPool, Func{T1, T2, Task{TResult}}, IEnumerable{ValueTuple{T1, T2}}, MapOptions?, CancellationToken)"/>
    [OverloadResolutionPriority(3)]
    public static TResult[] StarMap<T1, T2, TResult>(
        this IProcessPool pool,
        Func<T1, T2, ValueTask<TResult>> function,
        IEnumerable<(T1, T2)> source,
        MapOptions? options = null,
        CancellationToken cancellationToken = default) =>
        Collection.ArrayAsync<(T1, T2), TResult>(Checked(pool), function, SequenceSource.OfTuples(source), options, cancellationToken).GetAwaiter().GetResult();

    /// <inheritdoc cref="StarMap{T1, T2, TResult}(IProcessPool, Func{T1, T2, Task{TResult}}, IEnumerable{ValueTuple{T1, T2}}, MapOptions?, CancellationToken)"/>
    [OverloadResolutionPriority(2)]
    public static void StarMap<T1, T2>(
        this IProcessPool pool,
        Func<T1, T2, Task> function,
        IEnumerable<(T1, T2)> source,
        MapOptions? options = null,
        CancellationToken cancellationToken = default) =>
        Collection.ArrayAsync<(T1, T2), ValueTuple>(Checked(pool), function, SequenceSource.OfTuples(source), options, cancellationToken).GetAwaiter().GetResult();

    /// <inheritdoc cref="StarMap{T1, T2, TResult}(IProcessPool, Func{T1, T2, Task{TResult}}, IEnumerable{ValueTuple{T1, T2}}, MapOptions?, CancellationToken)"/>
    [OverloadResolutionPriority(1)]
    public static void StarMap<T1, T2>(
        this IProcessPool pool,
        Func<T1, T2, ValueTask> function,
        IEnumerable<(T1, T2)> source,
        MapOptions? options = null,
        CancellationToken cancellationToken = default) =>
        Collection.ArrayAsync<(T1, T2), ValueTuple>(Checked(pool), function, SequenceSource.OfTuples(source), options, cancellationToken).GetAwaiter().GetResult();

    /// <inheritdoc cref="StarMap{T1, T2, TResult}(IProcessPool, Func{T1, T2, Task{TResult}}, IEnumerable{ValueTuple{T1, T2}}, MapOptions?, CancellationToken)"/>
    public static TResult[] StarMap<T1, T2, TResult>(
        this IProcessPool pool,
        Func<T1, T2, TResult> function,
        IEnumerable<(T1, T2)> source,
        MapOptions? options = null,
        CancellationToken cancellationToken = default) =>
        Collection.ArrayAsync<(T1, T2), TResult>(Checked(pool), function, SequenceSource.OfTuples(source), options, cancellationToken).GetAwaiter().GetResult();

    /// <inheritdoc cref="StarMap{T1, T2, TResult}(IProcessPool, Func{T1, T2, Task{TResult}}, IEnumerable{ValueTuple{T1, T2}}, MapOptions?, CancellationToken)"/>
    public static void StarMap<T1, T2>(
        this IProcessPool pool,
        Action<T1, T2> function,
        IEnumerable<(T1, T2)> source,
        MapOptions? options = null,
        CancellationToken cancellationToken = default) =>
        Collection.ArrayAsync<(T1, T2), ValueTuple>(Checked(pool), function, SequenceSource.OfTuples(source), options, cancellationToken).GetAwaiter().GetResult();

    /// <inheritdoc cref="StarMap{T1, T2, TResult}(IProcessPool, Func{T1, T2, Task{TResult}}, IEnumerable{ValueTuple{T1, T2}}, MapOptions?, CancellationToken)"/>
    [OverloadResolutionPriority(4)]
    public static TResult[] StarMap<T1, T2, T3, TResult>(
        this IProcessPool pool,
        Func<T1, T2, T3, Task<TResult>> function,
        IEnumerable<(T1, T2, T3)> source,
        MapOptions? options = null,
        CancellationToken cancellationToken = default) =>
        Collection.ArrayAsync<(T1, T2, T3), TResult>(Checked(pool), function, SequenceSource.OfTuples(source), options, cancellationToken).GetAwaiter().GetResult();

    /// <inheritdoc cref="StarMap{T1, T2, TResult}(IProcessPool, Func{T1, T2, Task{TResult}}, IEnumerable{ValueTuple{T1, T2}}, MapOptions?, CancellationToken)"/>
    [OverloadResolutionPriority(3)]
    public static TResult[] StarMap<T1, T2, T3, TResult>(
        this IProcessPool pool,
        Func<T1, T2, T3, ValueTask<TResult>> function,
        IEnumerable<(T1, T2, T3)> source,
        MapOptions? options = null,
        CancellationToken cancellationToken = default) =>
        Collection.ArrayAsync<(T1, T2, T3), TResult>(Checked(pool), function, SequenceSource.OfTuples(source), options, cancellationToken).GetAwaiter().GetResult();

    /// <inheritdoc cref="StarMap{T1, T2, TResult}(IProcessPool, Func{T1, T2, Task{TResult}}, IEnumerable{ValueTuple{T1, T2}}, MapOptions?, CancellationToken)"/>
    [OverloadResolutionPriority(2)]
    public static void StarMap<T1, T2, T3>(
        this IProcessPool pool,
        Func<T1, T2, T3, Task> function,
        IEnumerable<(T1, T2, T3)> source,
        MapOptions? options = null,
        CancellationToken cancellationToken = default) =>
        Collection.ArrayAsync<(T1, T2, T3), ValueTuple>(Checked(pool), function, SequenceSource.OfTuples(source), options, cancellationToken).GetAwaiter().GetResult();

    /// <inheritdoc cref="StarMap{T1, T2, TResult}(IProcessPool, Func{T1, T2, Task{TResult}}, IEnumerable{ValueTuple{T1, T2}}, MapOptions?, CancellationToken)"/>
    [OverloadResolutionPriority(1)]
    public static void StarMap<T1, T2, T3>(
        this IProcessPool pool,
        Func<T1, T2, T3, ValueTask> function,
        IEnumerable<(T1, T2, T3)> source,
        MapOptions? options = null,
        CancellationToken cancellationToken = default) =>
        Collection.ArrayAsync<(T1, T2, T3), ValueTuple>(Checked(pool), function, SequenceSource.OfTuples(source), options, cancellationToken).GetAwaiter().GetResult();

    /// <inheritdoc cref="StarMap{T1, T2, TResult}(IProcessPool, Func{T1, T2, Task{TResult}}, IEnumerable{ValueTuple{T1, T2}}, MapOptions?, CancellationToken)"/>
    public static TResult[] StarMap<T1, T2, T3, TResult>(
        this IProcessPool pool,
        Func<T1, T2, T3, TResult> function,
        IEnumerable<(T1, T2, T3)> source,
        MapOptions? options = null,
        CancellationToken cancellationToken = default) =>
        Collection.ArrayAsync<(T1, T2, T3), TResult>(Checked(pool), function, SequenceSource.OfTuples(source), options, cancellationToken).GetAwaiter().GetResult();

    /// <inheritdoc cref="StarMap{T1, T2, TResult}(IProcessPool, Func{T1, T2, Task{TResult}}, IEnumerable{ValueTuple{T1, T2}}, MapOptions?, CancellationToken)"/>
    public static void StarMap<T1, T2, T3>(
        this IProcessPool pool,
        Action<T1, T2, T3> function,
        IEnumerable<(T1, T2, T3)> source,
        MapOptions? options = null,
        CancellationToken cancellationToken = default) =>
        Collection.ArrayAsync<(T1, T2, T3), ValueTuple>(Checked(pool), function, SequenceSource.OfTuples(source), options, cancellationToken).GetAwaiter().GetResult();

    /// <inheritdoc cref="StarMap{T1, T2, TResult}(IProcessPool, Func{T1, T2, Task{TResult}}, IEnumerable{ValueTuple{T1, T2}}, MapOptions?, CancellationToken)"/>
    [OverloadResolutionPriority(4)]
    public static TResult[] StarMap<T1, T2, T3, T4, TResult>(
        this IProcessPool pool,
        Func<T1, T2, T3, T4, Task<TResult>> function,
        IEnumerable<(T1, T2, T3, T4)> source,
        MapOptions? options = null,
        CancellationToken cancellationToken = default) =>
        Collection.ArrayAsync<(T1, T2, T3, T4), TResult>(Checked(pool), function, SequenceSource.OfTuples(source), options, cancellationToken).GetAwaiter().GetResult();

    /// <inheritdoc cref="StarMap{T1, T2, TResult}(IProcessPool, Func{T1, T2, Task{TResult}}, IEnumerable{ValueTuple{T1, T2}}, MapOptions?, CancellationToken)"/>
    [OverloadResolutionPriority(3)]
    public static TResult[] StarMap<T1, T2, T3, T4, TResult>(
        this IProcessPool pool,
        Func<T1, T2, T3, T4, ValueTask<TResult>> function,
        IEnumerable<(T1, T2, T3, T4)> source,
        MapOptions? options = null,
        CancellationToken cancellationToken = default) =>
        Collection.ArrayAsync<(T1, T2, T3, T4), TResult>(Checked(pool), function, SequenceSource.OfTuples(source), options, cancellationToken).GetAwaiter().GetResult();

    /// <inheritdoc cref="StarMap{T1, T2, TResult}(IProcessPool, Func{T1, T2, Task{TResult}}, IEnumerable{ValueTuple{T1, T2}}, MapOptions?, CancellationToken)"/>
    [OverloadResolutionPriority(2)]
    public static void StarMap<T1, T2, T3, T4>(
        this IProcessPool pool,
        Func<T1, T2, T3, T4, Task> function,
        IEnumerable<(T1, T2, T3, T4)> source,
        MapOptions? options = null,
        CancellationToken cancellationToken = default) =>
        Collection.ArrayAsync<(T1, T2, T3, T4), ValueTuple>(Checked(pool), function, SequenceSource.OfTuples(source), options, cancellationToken).GetAwaiter().GetResult();

    /// <inheritdoc cref="StarMap{T1, T2, TResult}(IProcessPool, Func{T1, T2, Task{TResult}}, IEnumerable{ValueTuple{T1, T2}}, MapOptions?, CancellationToken)"/>
    [OverloadResolutionPriority(1)]
    public static void StarMap<T1, T2, T3, T4>(
        this IProcessPool pool,
        Func<T1, T2, T3, T4, ValueTask> function,
        IEnumerable<(T1, T2, T3, T4)> source,
        MapOptions? options = null,
        CancellationToken cancellationToken = default) =>
        Collection.ArrayAsync<(T1, T2, T3, T4), ValueTuple>(Checked(pool), function, SequenceSource.OfTuples(source), options, cancellationToken).GetAwaiter().GetResult();

    /// <inheritdoc cref="StarMap{T1, T2, TResult}(IProcessPool, Func{T1, T2, Task{TResult}}, IEnumerable{ValueTuple{T1, T2}}, MapOptions?, CancellationToken)"/>
    public static TResult[] StarMap<T1, T2, T3, T4, TResult>(
        this IProcessPool pool,
        Func<T1, T2, T3, T4, TResult> function,
        IEnumerable<(T1, T2, T3, T4)> source,
        MapOptions? options = null,
        CancellationToken cancellationToken = default) =>
        Collection.ArrayAsync<(T1, T2, T3, T4), TResult>(Checked(pool), function, SequenceSource.OfTuples(source), options, cancellationToken).GetAwaiter().GetResult();

    /// <inheritdoc cref="StarMap{T1, T2, TResult}(IProcessPool, Func{T1, T2, Task{TResult}}, IEnumerable{ValueTuple{T1, T2}}, MapOptions?, CancellationToken)"/>
    public static void StarMap<T1, T2, T3, T4>(
        this IProcessPool pool,
        Action<T1, T2, T3, T4> function,
        IEnumerable<(T1, T2, T3, T4)> source,
        MapOptions? options = null,
        CancellationToken cancellationToken = default) =>
        Collection.ArrayAsync<(T1, T2, T3, T4), ValueTuple>(Checked(pool), function, SequenceSource.OfTuples(source), options, cancellationToken).GetAwaiter().GetResult();
}
