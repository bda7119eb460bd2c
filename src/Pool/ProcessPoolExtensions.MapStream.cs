using MultiProc.Sequences;

namespace MultiProc;

public static partial class ProcessPoolExtensions
{
    /// <summary>
    /// Calls a function with each element of a sequence and yields each result as soon as it is there and all before it have been yielded
    /// (<c>imap</c> in Python). The source is read only as results are consumed, at most
    /// <see cref="MapOptions.MaxBuffered"/> elements ahead, so it may be endless; leaving the loop stops the source and the calls.
    /// </summary>
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
    /// A failing element's exception is thrown in its place, with its position as <c>Data["Index"]</c>, and ends the stream; to go on past failures, use
    /// <c>MapSettledStreamAsync</c>.
    /// </remarks>
    [GenerateOverloads(AsyncSource = true)]
    public static IAsyncEnumerable<TResult> MapStreamAsync<T, TResult>(
        this IProcessPool pool,
        Func<T, TResult> function,
        IEnumerable<T> source,
        MapOptions? options = null,
        CancellationToken cancellationToken = default) =>
        Collection.StreamAsync(
            Checked(pool).SubmitSequenceAsync<ValueTuple<T>, TResult>(
                function, SequenceSource.Of(source), inOrder: true, options, cancellationToken), cancellationToken);

    /// <summary>
    /// Calls a function with each element of a sequence and yields each result as soon as it is there
    /// (<c>imap_unordered</c> in Python). The source is read only as results are consumed, at most
    /// <see cref="MapOptions.MaxBuffered"/> elements ahead, so it may be endless; leaving the loop stops the source and the calls.
    /// </summary>
    /// <typeparam name="T">The elements' type.</typeparam>
    /// <typeparam name="TResult">What the function returns; it is copied back.</typeparam>
    /// <param name="pool">The pool.</param>
    /// <param name="function">What to run for each element; if it returns a task, that is awaited in the worker.</param>
    /// <param name="source">The elements; copied as they are read.</param>
    /// <param name="options">How to run it; null: the defaults.</param>
    /// <param name="cancellationToken">Cancels what is waiting and running.</param>
    /// <returns>The results, in the order in which they are finished.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="pool"/>, <paramref name="function"/> or <paramref name="source"/> is null.</exception>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of its range.</exception>
    /// <exception cref="InvalidOperationException">The pool is closed.</exception>
    /// <remarks>
    /// A failing element's exception is thrown when it is known, with its position as <c>Data["Index"]</c>, and ends the stream; to go on past failures, use
    /// <c>MapSettledStreamUnorderedAsync</c>.
    /// </remarks>
    [GenerateOverloads(AsyncSource = true)]
    public static IAsyncEnumerable<TResult> MapStreamUnorderedAsync<T, TResult>(
        this IProcessPool pool,
        Func<T, TResult> function,
        IEnumerable<T> source,
        MapOptions? options = null,
        CancellationToken cancellationToken = default) =>
        Collection.StreamAsync(
            Checked(pool).SubmitSequenceAsync<ValueTuple<T>, TResult>(
                function, SequenceSource.Of(source), inOrder: false, options, cancellationToken), cancellationToken);

    /// <summary>As <c>MapStreamAsync</c>, but every element ends as a value or as an exception, and nothing ends the stream early.</summary>
    /// <inheritdoc cref="MapStreamAsync{T, TResult}(IProcessPool, Func{T, TResult}, IEnumerable{T}, MapOptions?, CancellationToken)" path="/typeparam | /param | /exception"/>
    /// <returns>The outcomes, in the order of the source.</returns>
    [GenerateOverloads(AsyncSource = true)]
    public static IAsyncEnumerable<MapOutcome<TResult>> MapSettledStreamAsync<T, TResult>(
        this IProcessPool pool,
        Func<T, TResult> function,
        IEnumerable<T> source,
        MapOptions? options = null,
        CancellationToken cancellationToken = default) =>
        Collection.OutcomeStreamAsync(
            Checked(pool).SubmitSequenceAsync<ValueTuple<T>, TResult>(
                function, SequenceSource.Of(source), inOrder: true, options, cancellationToken), cancellationToken);

    /// <summary>As <c>MapStreamUnorderedAsync</c>, but every element ends as a value or as an exception, and nothing ends the stream early.</summary>
    /// <inheritdoc cref="MapStreamUnorderedAsync{T, TResult}(IProcessPool, Func{T, TResult}, IEnumerable{T}, MapOptions?, CancellationToken)" path="/typeparam | /param | /exception"/>
    /// <returns>The outcomes, in the order in which they are finished.</returns>
    [GenerateOverloads(AsyncSource = true)]
    public static IAsyncEnumerable<MapOutcome<TResult>> MapSettledStreamUnorderedAsync<T, TResult>(
        this IProcessPool pool,
        Func<T, TResult> function,
        IEnumerable<T> source,
        MapOptions? options = null,
        CancellationToken cancellationToken = default) =>
        Collection.OutcomeStreamAsync(
            Checked(pool).SubmitSequenceAsync<ValueTuple<T>, TResult>(
                function, SequenceSource.Of(source), inOrder: false, options, cancellationToken), cancellationToken);
}
