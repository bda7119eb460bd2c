using System.Runtime.CompilerServices;
using MultiProc.Sequences;

namespace MultiProc;

public static partial class ProcessPoolExtensions
{
    /// <summary>Calls a function with each element of a sequence, spread over the workers, and waits for the results (<c>map</c> in Python).</summary>
    /// <typeparam name="T">The elements' type.</typeparam>
    /// <typeparam name="TResult">What the function returns; it is copied back.</typeparam>
    /// <param name="pool">The pool.</param>
    /// <param name="function">What to run for each element; if it returns a task, that is awaited in the worker.</param>
    /// <param name="source">The elements; copied as they are read.</param>
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
    public static TResult[] Map<T, TResult>(
        this IProcessPool pool,
        Func<T, Task<TResult>> function,
        IEnumerable<T> source,
        MapOptions? options = null,
        CancellationToken cancellationToken = default) =>
        Collection.ArrayAsync<ValueTuple<T>, TResult>(Checked(pool), function, SequenceSource.Of(source), options, cancellationToken).GetAwaiter().GetResult();

    /// <inheritdoc cref="Map{T, TResult}(IProcessPool, Func{T, Task{TResult}}, IEnumerable{T}, MapOptions?, CancellationToken)"/>
    [OverloadResolutionPriority(3)]
    public static TResult[] Map<T, TResult>(
        this IProcessPool pool,
        Func<T, ValueTask<TResult>> function,
        IEnumerable<T> source,
        MapOptions? options = null,
        CancellationToken cancellationToken = default) =>
        Collection.ArrayAsync<ValueTuple<T>, TResult>(Checked(pool), function, SequenceSource.Of(source), options, cancellationToken).GetAwaiter().GetResult();

    /// <inheritdoc cref="Map{T, TResult}(IProcessPool, Func{T, Task{TResult}}, IEnumerable{T}, MapOptions?, CancellationToken)"/>
    [OverloadResolutionPriority(2)]
    public static void Map<T>(
        this IProcessPool pool,
        Func<T, Task> function,
        IEnumerable<T> source,
        MapOptions? options = null,
        CancellationToken cancellationToken = default) =>
        Collection.ArrayAsync<ValueTuple<T>, ValueTuple>(Checked(pool), function, SequenceSource.Of(source), options, cancellationToken).GetAwaiter().GetResult();

    /// <inheritdoc cref="Map{T, TResult}(IProcessPool, Func{T, Task{TResult}}, IEnumerable{T}, MapOptions?, CancellationToken)"/>
    [OverloadResolutionPriority(1)]
    public static void Map<T>(
        this IProcessPool pool,
        Func<T, ValueTask> function,
        IEnumerable<T> source,
        MapOptions? options = null,
        CancellationToken cancellationToken = default) =>
        Collection.ArrayAsync<ValueTuple<T>, ValueTuple>(Checked(pool), function, SequenceSource.Of(source), options, cancellationToken).GetAwaiter().GetResult();

    /// <inheritdoc cref="Map{T, TResult}(IProcessPool, Func{T, Task{TResult}}, IEnumerable{T}, MapOptions?, CancellationToken)"/>
    public static TResult[] Map<T, TResult>(
        this IProcessPool pool,
        Func<T, TResult> function,
        IEnumerable<T> source,
        MapOptions? options = null,
        CancellationToken cancellationToken = default) =>
        Collection.ArrayAsync<ValueTuple<T>, TResult>(Checked(pool), function, SequenceSource.Of(source), options, cancellationToken).GetAwaiter().GetResult();

    /// <inheritdoc cref="Map{T, TResult}(IProcessPool, Func{T, Task{TResult}}, IEnumerable{T}, MapOptions?, CancellationToken)"/>
    public static void Map<T>(
        this IProcessPool pool,
        Action<T> function,
        IEnumerable<T> source,
        MapOptions? options = null,
        CancellationToken cancellationToken = default) =>
        Collection.ArrayAsync<ValueTuple<T>, ValueTuple>(Checked(pool), function, SequenceSource.Of(source), options, cancellationToken).GetAwaiter().GetResult();
}
