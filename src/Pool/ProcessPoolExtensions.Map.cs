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
    [GenerateOverloads(WithoutResult = true)]
    public static TResult[] Map<T, TResult>(
        this IProcessPool pool,
        Func<T, TResult> function,
        IEnumerable<T> source,
        MapOptions? options = null,
        CancellationToken cancellationToken = default) =>
        Collection.ArrayAsync<ValueTuple<T>, TResult>(Checked(pool), function, SequenceSource.Of(source), options, cancellationToken).GetAwaiter().GetResult();

    /// <summary>Calls a function with each element of a sequence, spread over the workers (<c>map_async</c> in Python).</summary>
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
    [GenerateOverloads(WithoutResult = true)]
    public static Task<TResult[]> MapAsync<T, TResult>(
        this IProcessPool pool,
        Func<T, TResult> function,
        IEnumerable<T> source,
        MapOptions? options = null,
        CancellationToken cancellationToken = default) =>
        Collection.ArrayAsync<ValueTuple<T>, TResult>(Checked(pool), function, SequenceSource.Of(source), options, cancellationToken);

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
    [GenerateOverloads(WithoutResult = true, MaxArguments = 4)]
    public static TResult[] StarMap<T1, T2, TResult>(
        this IProcessPool pool,
        Func<T1, T2, TResult> function,
        IEnumerable<(T1, T2)> source,
        MapOptions? options = null,
        CancellationToken cancellationToken = default) =>
        Collection.ArrayAsync<(T1, T2), TResult>(Checked(pool), function, SequenceSource.OfTuples(source), options, cancellationToken).GetAwaiter().GetResult();

    /// <summary>Calls a function with the parts of each tuple of a sequence, spread over the workers (<c>starmap_async</c> in Python).</summary>
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
    [GenerateOverloads(WithoutResult = true, MaxArguments = 4)]
    public static Task<TResult[]> StarMapAsync<T1, T2, TResult>(
        this IProcessPool pool,
        Func<T1, T2, TResult> function,
        IEnumerable<(T1, T2)> source,
        MapOptions? options = null,
        CancellationToken cancellationToken = default) =>
        Collection.ArrayAsync<(T1, T2), TResult>(Checked(pool), function, SequenceSource.OfTuples(source), options, cancellationToken);

    /// <summary>Calls a function with each element of a sequence; every element ends as a value or as an exception, and nothing stops the rest.</summary>
    /// <typeparam name="T">The elements' type.</typeparam>
    /// <typeparam name="TResult">What the function returns; it is copied back.</typeparam>
    /// <param name="pool">The pool.</param>
    /// <param name="function">What to run for each element; if it returns a task, that is awaited in the worker.</param>
    /// <param name="source">The elements; copied as they are read.</param>
    /// <param name="options">How to run it; null: the defaults.</param>
    /// <param name="cancellationToken">Cancels what is waiting and running.</param>
    /// <returns>The outcomes, in the order of the source.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="pool"/>, <paramref name="function"/> or <paramref name="source"/> is null.</exception>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of its range.</exception>
    /// <exception cref="InvalidOperationException">The pool is closed.</exception>
    [GenerateOverloads]
    public static Task<MapOutcome<TResult>[]> MapSettledAsync<T, TResult>(
        this IProcessPool pool,
        Func<T, TResult> function,
        IEnumerable<T> source,
        MapOptions? options = null,
        CancellationToken cancellationToken = default) =>
        Collection.OutcomesAsync<ValueTuple<T>, TResult>(Checked(pool), function, SequenceSource.Of(source), options, cancellationToken);

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
    [GenerateOverloads(AsyncSource = true)]
    public static Task<TMapped> MapReduceAsync<T, TMapped>(
        this IProcessPool pool,
        Func<T, TMapped> map,
        Func<TMapped, TMapped, TMapped> reduce,
        IEnumerable<T> source,
        MapOptions? options = null,
        CancellationToken cancellationToken = default) =>
        Reduction<T, TMapped>.RunAsync(
            Checked(pool), map, reduce, SequenceSource.Of(source), null, options, cancellationToken);

    /// <summary>As <c>MapReduceAsync</c> without a seed, but the fold begins with <paramref name="seed"/>, which is the result if there are no elements.</summary>
    /// <inheritdoc cref="MapReduceAsync{T, TMapped}(IProcessPool, Func{T, TMapped}, Func{TMapped, TMapped, TMapped}, IEnumerable{T}, MapOptions?, CancellationToken)" path="/typeparam | /param | /returns | /exception"/>
    /// <param name="seed">What the fold begins with, once.</param>
    [GenerateOverloads(AsyncSource = true)]
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
}
