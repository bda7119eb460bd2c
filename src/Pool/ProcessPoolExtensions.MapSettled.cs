using System.Runtime.CompilerServices;
using MultiProc.Sequences;

namespace MultiProc;

public static partial class ProcessPoolExtensions
{
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
    [OverloadResolutionPriority(4)]
    public static Task<MapOutcome<TResult>[]> MapSettledAsync<T, TResult>(
        this IProcessPool pool,
        Func<T, Task<TResult>> function,
        IEnumerable<T> source,
        MapOptions? options = null,
        CancellationToken cancellationToken = default) =>
        Collection.OutcomesAsync<ValueTuple<T>, TResult>(Checked(pool), function, SequenceSource.Of(source), options, cancellationToken);

    /// <inheritdoc cref="MapSettledAsync{T, TResult}(IProcessPool, Func{T, Task{TResult}}, IEnumerable{T}, MapOptions?, CancellationToken)"/>
    [OverloadResolutionPriority(3)]
    public static Task<MapOutcome<TResult>[]> MapSettledAsync<T, TResult>(
        this IProcessPool pool,
        Func<T, ValueTask<TResult>> function,
        IEnumerable<T> source,
        MapOptions? options = null,
        CancellationToken cancellationToken = default) =>
        Collection.OutcomesAsync<ValueTuple<T>, TResult>(Checked(pool), function, SequenceSource.Of(source), options, cancellationToken);

    /// <inheritdoc cref="MapSettledAsync{T, TResult}(IProcessPool, Func{T, Task{TResult}}, IEnumerable{T}, MapOptions?, CancellationToken)"/>
    public static Task<MapOutcome<TResult>[]> MapSettledAsync<T, TResult>(
        this IProcessPool pool,
        Func<T, TResult> function,
        IEnumerable<T> source,
        MapOptions? options = null,
        CancellationToken cancellationToken = default) =>
        Collection.OutcomesAsync<ValueTuple<T>, TResult>(Checked(pool), function, SequenceSource.Of(source), options, cancellationToken);

    /// <summary>As <c>MapStreamAsync</c>, but every element ends as a value or as an exception, and nothing ends the stream early.</summary>
    /// <inheritdoc cref="MapStreamAsync{T, TResult}(IProcessPool, Func{T, Task{TResult}}, IEnumerable{T}, MapOptions?, CancellationToken)" path="/typeparam | /param | /exception"/>
    /// <returns>The outcomes, in the order of the source.</returns>
    [OverloadResolutionPriority(4)]
    public static IAsyncEnumerable<MapOutcome<TResult>> MapSettledStreamAsync<T, TResult>(
        this IProcessPool pool,
        Func<T, Task<TResult>> function,
        IEnumerable<T> source,
        MapOptions? options = null,
        CancellationToken cancellationToken = default) =>
        Collection.OutcomeStreamAsync(
            Checked(pool).SubmitSequenceAsync<ValueTuple<T>, TResult>(
                function, SequenceSource.Of(source), inOrder: true, options, cancellationToken), cancellationToken);

    /// <inheritdoc cref="MapSettledStreamAsync{T, TResult}(IProcessPool, Func{T, Task{TResult}}, IEnumerable{T}, MapOptions?, CancellationToken)"/>
    [OverloadResolutionPriority(3)]
    public static IAsyncEnumerable<MapOutcome<TResult>> MapSettledStreamAsync<T, TResult>(
        this IProcessPool pool,
        Func<T, ValueTask<TResult>> function,
        IEnumerable<T> source,
        MapOptions? options = null,
        CancellationToken cancellationToken = default) =>
        Collection.OutcomeStreamAsync(
            Checked(pool).SubmitSequenceAsync<ValueTuple<T>, TResult>(
                function, SequenceSource.Of(source), inOrder: true, options, cancellationToken), cancellationToken);

    /// <inheritdoc cref="MapSettledStreamAsync{T, TResult}(IProcessPool, Func{T, Task{TResult}}, IEnumerable{T}, MapOptions?, CancellationToken)"/>
    public static IAsyncEnumerable<MapOutcome<TResult>> MapSettledStreamAsync<T, TResult>(
        this IProcessPool pool,
        Func<T, TResult> function,
        IEnumerable<T> source,
        MapOptions? options = null,
        CancellationToken cancellationToken = default) =>
        Collection.OutcomeStreamAsync(
            Checked(pool).SubmitSequenceAsync<ValueTuple<T>, TResult>(
                function, SequenceSource.Of(source), inOrder: true, options, cancellationToken), cancellationToken);

    /// <inheritdoc cref="MapSettledStreamAsync{T, TResult}(IProcessPool, Func{T, Task{TResult}}, IEnumerable{T}, MapOptions?, CancellationToken)"/>
    [OverloadResolutionPriority(4)]
    public static IAsyncEnumerable<MapOutcome<TResult>> MapSettledStreamAsync<T, TResult>(
        this IProcessPool pool,
        Func<T, Task<TResult>> function,
        IAsyncEnumerable<T> source,
        MapOptions? options = null,
        CancellationToken cancellationToken = default) =>
        Collection.OutcomeStreamAsync(
            Checked(pool).SubmitSequenceAsync<ValueTuple<T>, TResult>(
                function, SequenceSource.Of(source), inOrder: true, options, cancellationToken), cancellationToken);

    /// <inheritdoc cref="MapSettledStreamAsync{T, TResult}(IProcessPool, Func{T, Task{TResult}}, IEnumerable{T}, MapOptions?, CancellationToken)"/>
    [OverloadResolutionPriority(3)]
    public static IAsyncEnumerable<MapOutcome<TResult>> MapSettledStreamAsync<T, TResult>(
        this IProcessPool pool,
        Func<T, ValueTask<TResult>> function,
        IAsyncEnumerable<T> source,
        MapOptions? options = null,
        CancellationToken cancellationToken = default) =>
        Collection.OutcomeStreamAsync(
            Checked(pool).SubmitSequenceAsync<ValueTuple<T>, TResult>(
                function, SequenceSource.Of(source), inOrder: true, options, cancellationToken), cancellationToken);

    /// <inheritdoc cref="MapSettledStreamAsync{T, TResult}(IProcessPool, Func{T, Task{TResult}}, IEnumerable{T}, MapOptions?, CancellationToken)"/>
    public static IAsyncEnumerable<MapOutcome<TResult>> MapSettledStreamAsync<T, TResult>(
        this IProcessPool pool,
        Func<T, TResult> function,
        IAsyncEnumerable<T> source,
        MapOptions? options = null,
        CancellationToken cancellationToken = default) =>
        Collection.OutcomeStreamAsync(
            Checked(pool).SubmitSequenceAsync<ValueTuple<T>, TResult>(
                function, SequenceSource.Of(source), inOrder: true, options, cancellationToken), cancellationToken);

    /// <summary>As <c>MapStreamUnorderedAsync</c>, but every element ends as a value or as an exception, and nothing ends the stream early.</summary>
    /// <inheritdoc cref="MapStreamUnorderedAsync{T, TResult}(IProcessPool, Func{T, Task{TResult}}, IEnumerable{T}, MapOptions?, CancellationToken)" path="/typeparam | /param | /exception"/>
    /// <returns>The outcomes, in the order in which they are finished.</returns>
    [OverloadResolutionPriority(4)]
    public static IAsyncEnumerable<MapOutcome<TResult>> MapSettledStreamUnorderedAsync<T, TResult>(
        this IProcessPool pool,
        Func<T, Task<TResult>> function,
        IEnumerable<T> source,
        MapOptions? options = null,
        CancellationToken cancellationToken = default) =>
        Collection.OutcomeStreamAsync(
            Checked(pool).SubmitSequenceAsync<ValueTuple<T>, TResult>(
                function, SequenceSource.Of(source), inOrder: false, options, cancellationToken), cancellationToken);

    /// <inheritdoc cref="MapSettledStreamUnorderedAsync{T, TResult}(IProcessPool, Func{T, Task{TResult}}, IEnumerable{T}, MapOptions?, CancellationToken)"/>
    [OverloadResolutionPriority(3)]
    public static IAsyncEnumerable<MapOutcome<TResult>> MapSettledStreamUnorderedAsync<T, TResult>(
        this IProcessPool pool,
        Func<T, ValueTask<TResult>> function,
        IEnumerable<T> source,
        MapOptions? options = null,
        CancellationToken cancellationToken = default) =>
        Collection.OutcomeStreamAsync(
            Checked(pool).SubmitSequenceAsync<ValueTuple<T>, TResult>(
                function, SequenceSource.Of(source), inOrder: false, options, cancellationToken), cancellationToken);

    /// <inheritdoc cref="MapSettledStreamUnorderedAsync{T, TResult}(IProcessPool, Func{T, Task{TResult}}, IEnumerable{T}, MapOptions?, CancellationToken)"/>
    public static IAsyncEnumerable<MapOutcome<TResult>> MapSettledStreamUnorderedAsync<T, TResult>(
        this IProcessPool pool,
        Func<T, TResult> function,
        IEnumerable<T> source,
        MapOptions? options = null,
        CancellationToken cancellationToken = default) =>
        Collection.OutcomeStreamAsync(
            Checked(pool).SubmitSequenceAsync<ValueTuple<T>, TResult>(
                function, SequenceSource.Of(source), inOrder: false, options, cancellationToken), cancellationToken);

    /// <inheritdoc cref="MapSettledStreamUnorderedAsync{T, TResult}(IProcessPool, Func{T, Task{TResult}}, IEnumerable{T}, MapOptions?, CancellationToken)"/>
    [OverloadResolutionPriority(4)]
    public static IAsyncEnumerable<MapOutcome<TResult>> MapSettledStreamUnorderedAsync<T, TResult>(
        this IProcessPool pool,
        Func<T, Task<TResult>> function,
        IAsyncEnumerable<T> source,
        MapOptions? options = null,
        CancellationToken cancellationToken = default) =>
        Collection.OutcomeStreamAsync(
            Checked(pool).SubmitSequenceAsync<ValueTuple<T>, TResult>(
                function, SequenceSource.Of(source), inOrder: false, options, cancellationToken), cancellationToken);

    /// <inheritdoc cref="MapSettledStreamUnorderedAsync{T, TResult}(IProcessPool, Func{T, Task{TResult}}, IEnumerable{T}, MapOptions?, CancellationToken)"/>
    [OverloadResolutionPriority(3)]
    public static IAsyncEnumerable<MapOutcome<TResult>> MapSettledStreamUnorderedAsync<T, TResult>(
        this IProcessPool pool,
        Func<T, ValueTask<TResult>> function,
        IAsyncEnumerable<T> source,
        MapOptions? options = null,
        CancellationToken cancellationToken = default) =>
        Collection.OutcomeStreamAsync(
            Checked(pool).SubmitSequenceAsync<ValueTuple<T>, TResult>(
                function, SequenceSource.Of(source), inOrder: false, options, cancellationToken), cancellationToken);

    /// <inheritdoc cref="MapSettledStreamUnorderedAsync{T, TResult}(IProcessPool, Func{T, Task{TResult}}, IEnumerable{T}, MapOptions?, CancellationToken)"/>
    public static IAsyncEnumerable<MapOutcome<TResult>> MapSettledStreamUnorderedAsync<T, TResult>(
        this IProcessPool pool,
        Func<T, TResult> function,
        IAsyncEnumerable<T> source,
        MapOptions? options = null,
        CancellationToken cancellationToken = default) =>
        Collection.OutcomeStreamAsync(
            Checked(pool).SubmitSequenceAsync<ValueTuple<T>, TResult>(
                function, SequenceSource.Of(source), inOrder: false, options, cancellationToken), cancellationToken);
}
