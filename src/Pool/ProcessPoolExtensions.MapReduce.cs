using System.Runtime.CompilerServices;
using MultiProc.Sequences;

namespace MultiProc;

public static partial class ProcessPoolExtensions
{
    /// <summary>
    /// Maps each element of a sequence and folds the results into one. Each worker folds its own chunk before anything travels back, and the chunks' results are
    /// folded in the workers, too. (MapReduce, Dean and Ghemawat 2004.)
    /// </summary>
    /// <typeparam name="T">The elements' type.</typeparam>
    /// <typeparam name="TMapped">What an element is mapped to, and the whole is folded to.</typeparam>
    /// <param name="pool">The pool.</param>
    /// <param name="map">What to run for each element; if it returns a task, that is awaited in the worker.</param>
    /// <param name="reduce">
    /// Folds two results, the earlier first. It must be associative - (a, b), c as a, (b, c) - but need not be commutative: order is kept.
    /// </param>
    /// <param name="source">The elements; copied as they are read.</param>
    /// <param name="options">How to run it; null: the defaults.</param>
    /// <param name="cancellationToken">Cancels what is waiting and running.</param>
    /// <returns>The fold of all results. Without a seed, the task fails with <see cref="InvalidOperationException"/> if there are no elements.</returns>
    /// <exception cref="ArgumentNullException">An argument other than <paramref name="options"/> is null.</exception>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of its range.</exception>
    /// <exception cref="InvalidOperationException">The pool is closed.</exception>
    /// <remarks>A limit of <see cref="MapOptions.Timeout"/> holds for a chunk as many times as it has elements.</remarks>
    [OverloadResolutionPriority(4)]
    public static Task<TMapped> MapReduceAsync<T, TMapped>(
        this IProcessPool pool,
        Func<T, Task<TMapped>> map,
        Func<TMapped, TMapped, TMapped> reduce,
        IEnumerable<T> source,
        MapOptions? options = null,
        CancellationToken cancellationToken = default) =>
        Reduction<T, TMapped>.RunAsync(
            Checked(pool), map, reduce, SequenceSource.Of(source), null, options, cancellationToken);

    /// <inheritdoc cref="MapReduceAsync{T, TMapped}(IProcessPool, Func{T, Task{TMapped}}, Func{TMapped, TMapped, TMapped}, IEnumerable{T}, MapOptions?, CancellationToken)"/>
    [OverloadResolutionPriority(4)]
    public static Task<TMapped> MapReduceAsync<T, TMapped>(
        this IProcessPool pool,
        Func<T, Task<TMapped>> map,
        Func<TMapped, TMapped, TMapped> reduce,
        IAsyncEnumerable<T> source,
        MapOptions? options = null,
        CancellationToken cancellationToken = default) =>
        Reduction<T, TMapped>.RunAsync(
            Checked(pool), map, reduce, SequenceSource.Of(source), null, options, cancellationToken);

    /// <inheritdoc cref="MapReduceAsync{T, TMapped}(IProcessPool, Func{T, Task{TMapped}}, Func{TMapped, TMapped, TMapped}, IEnumerable{T}, MapOptions?, CancellationToken)"/>
    [OverloadResolutionPriority(3)]
    public static Task<TMapped> MapReduceAsync<T, TMapped>(
        this IProcessPool pool,
        Func<T, ValueTask<TMapped>> map,
        Func<TMapped, TMapped, TMapped> reduce,
        IEnumerable<T> source,
        MapOptions? options = null,
        CancellationToken cancellationToken = default) =>
        Reduction<T, TMapped>.RunAsync(
            Checked(pool), map, reduce, SequenceSource.Of(source), null, options, cancellationToken);

    /// <inheritdoc cref="MapReduceAsync{T, TMapped}(IProcessPool, Func{T, Task{TMapped}}, Func{TMapped, TMapped, TMapped}, IEnumerable{T}, MapOptions?, CancellationToken)"/>
    [OverloadResolutionPriority(3)]
    public static Task<TMapped> MapReduceAsync<T, TMapped>(
        this IProcessPool pool,
        Func<T, ValueTask<TMapped>> map,
        Func<TMapped, TMapped, TMapped> reduce,
        IAsyncEnumerable<T> source,
        MapOptions? options = null,
        CancellationToken cancellationToken = default) =>
        Reduction<T, TMapped>.RunAsync(
            Checked(pool), map, reduce, SequenceSource.Of(source), null, options, cancellationToken);

    /// <inheritdoc cref="MapReduceAsync{T, TMapped}(IProcessPool, Func{T, Task{TMapped}}, Func{TMapped, TMapped, TMapped}, IEnumerable{T}, MapOptions?, CancellationToken)"/>
    public static Task<TMapped> MapReduceAsync<T, TMapped>(
        this IProcessPool pool,
        Func<T, TMapped> map,
        Func<TMapped, TMapped, TMapped> reduce,
        IEnumerable<T> source,
        MapOptions? options = null,
        CancellationToken cancellationToken = default) =>
        Reduction<T, TMapped>.RunAsync(
            Checked(pool), map, reduce, SequenceSource.Of(source), null, options, cancellationToken);

    /// <inheritdoc cref="MapReduceAsync{T, TMapped}(IProcessPool, Func{T, Task{TMapped}}, Func{TMapped, TMapped, TMapped}, IEnumerable{T}, MapOptions?, CancellationToken)"/>
    public static Task<TMapped> MapReduceAsync<T, TMapped>(
        this IProcessPool pool,
        Func<T, TMapped> map,
        Func<TMapped, TMapped, TMapped> reduce,
        IAsyncEnumerable<T> source,
        MapOptions? options = null,
        CancellationToken cancellationToken = default) =>
        Reduction<T, TMapped>.RunAsync(
            Checked(pool), map, reduce, SequenceSource.Of(source), null, options, cancellationToken);

    /// <summary>As <c>MapReduceAsync</c> without a seed, but the fold begins with <paramref name="seed"/>, which is the result if there are no elements.</summary>
    /// <inheritdoc cref="MapReduceAsync{T, TMapped}(IProcessPool, Func{T, Task{TMapped}}, Func{TMapped, TMapped, TMapped}, IEnumerable{T}, MapOptions?, CancellationToken)" path="/typeparam | /param | /returns | /exception"/>
    /// <param name="seed">What the fold begins with, once.</param>
    [OverloadResolutionPriority(4)]
    public static Task<TMapped> MapReduceAsync<T, TMapped>(
        this IProcessPool pool,
        Func<T, Task<TMapped>> map,
        Func<TMapped, TMapped, TMapped> reduce,
        IEnumerable<T> source,
        TMapped seed,
        MapOptions? options = null,
        CancellationToken cancellationToken = default) =>
        Reduction<T, TMapped>.RunAsync(
            Checked(pool), map, reduce, SequenceSource.Of(source), new Seed<TMapped>(seed), options, cancellationToken);

    /// <summary>As <c>MapReduceAsync</c> without a seed, but the fold begins with <paramref name="seed"/>, which is the result if there are no elements.</summary>
    /// <inheritdoc cref="MapReduceAsync{T, TMapped}(IProcessPool, Func{T, Task{TMapped}}, Func{TMapped, TMapped, TMapped}, IEnumerable{T}, MapOptions?, CancellationToken)" path="/typeparam | /param | /returns | /exception"/>
    /// <param name="seed">What the fold begins with, once.</param>
    [OverloadResolutionPriority(4)]
    public static Task<TMapped> MapReduceAsync<T, TMapped>(
        this IProcessPool pool,
        Func<T, Task<TMapped>> map,
        Func<TMapped, TMapped, TMapped> reduce,
        IAsyncEnumerable<T> source,
        TMapped seed,
        MapOptions? options = null,
        CancellationToken cancellationToken = default) =>
        Reduction<T, TMapped>.RunAsync(
            Checked(pool), map, reduce, SequenceSource.Of(source), new Seed<TMapped>(seed), options, cancellationToken);

    /// <summary>As <c>MapReduceAsync</c> without a seed, but the fold begins with <paramref name="seed"/>, which is the result if there are no elements.</summary>
    /// <inheritdoc cref="MapReduceAsync{T, TMapped}(IProcessPool, Func{T, Task{TMapped}}, Func{TMapped, TMapped, TMapped}, IEnumerable{T}, MapOptions?, CancellationToken)" path="/typeparam | /param | /returns | /exception"/>
    /// <param name="seed">What the fold begins with, once.</param>
    [OverloadResolutionPriority(3)]
    public static Task<TMapped> MapReduceAsync<T, TMapped>(
        this IProcessPool pool,
        Func<T, ValueTask<TMapped>> map,
        Func<TMapped, TMapped, TMapped> reduce,
        IEnumerable<T> source,
        TMapped seed,
        MapOptions? options = null,
        CancellationToken cancellationToken = default) =>
        Reduction<T, TMapped>.RunAsync(
            Checked(pool), map, reduce, SequenceSource.Of(source), new Seed<TMapped>(seed), options, cancellationToken);

    /// <summary>As <c>MapReduceAsync</c> without a seed, but the fold begins with <paramref name="seed"/>, which is the result if there are no elements.</summary>
    /// <inheritdoc cref="MapReduceAsync{T, TMapped}(IProcessPool, Func{T, Task{TMapped}}, Func{TMapped, TMapped, TMapped}, IEnumerable{T}, MapOptions?, CancellationToken)" path="/typeparam | /param | /returns | /exception"/>
    /// <param name="seed">What the fold begins with, once.</param>
    [OverloadResolutionPriority(3)]
    public static Task<TMapped> MapReduceAsync<T, TMapped>(
        this IProcessPool pool,
        Func<T, ValueTask<TMapped>> map,
        Func<TMapped, TMapped, TMapped> reduce,
        IAsyncEnumerable<T> source,
        TMapped seed,
        MapOptions? options = null,
        CancellationToken cancellationToken = default) =>
        Reduction<T, TMapped>.RunAsync(
            Checked(pool), map, reduce, SequenceSource.Of(source), new Seed<TMapped>(seed), options, cancellationToken);

    /// <summary>As <c>MapReduceAsync</c> without a seed, but the fold begins with <paramref name="seed"/>, which is the result if there are no elements.</summary>
    /// <inheritdoc cref="MapReduceAsync{T, TMapped}(IProcessPool, Func{T, Task{TMapped}}, Func{TMapped, TMapped, TMapped}, IEnumerable{T}, MapOptions?, CancellationToken)" path="/typeparam | /param | /returns | /exception"/>
    /// <param name="seed">What the fold begins with, once.</param>
    public static Task<TMapped> MapReduceAsync<T, TMapped>(
        this IProcessPool pool,
        Func<T, TMapped> map,
        Func<TMapped, TMapped, TMapped> reduce,
        IEnumerable<T> source,
        TMapped seed,
        MapOptions? options = null,
        CancellationToken cancellationToken = default) =>
        Reduction<T, TMapped>.RunAsync(
            Checked(pool), map, reduce, SequenceSource.Of(source), new Seed<TMapped>(seed), options, cancellationToken);

    /// <summary>As <c>MapReduceAsync</c> without a seed, but the fold begins with <paramref name="seed"/>, which is the result if there are no elements.</summary>
    /// <inheritdoc cref="MapReduceAsync{T, TMapped}(IProcessPool, Func{T, Task{TMapped}}, Func{TMapped, TMapped, TMapped}, IEnumerable{T}, MapOptions?, CancellationToken)" path="/typeparam | /param | /returns | /exception"/>
    /// <param name="seed">What the fold begins with, once.</param>
    public static Task<TMapped> MapReduceAsync<T, TMapped>(
        this IProcessPool pool,
        Func<T, TMapped> map,
        Func<TMapped, TMapped, TMapped> reduce,
        IAsyncEnumerable<T> source,
        TMapped seed,
        MapOptions? options = null,
        CancellationToken cancellationToken = default) =>
        Reduction<T, TMapped>.RunAsync(
            Checked(pool), map, reduce, SequenceSource.Of(source), new Seed<TMapped>(seed), options, cancellationToken);
}
