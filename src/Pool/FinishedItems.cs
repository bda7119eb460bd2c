namespace MultiProc;

/// <summary>A run of neighbouring items of a sequence that have finished: values, or one error.</summary>
/// <typeparam name="TResult">The function's result type.</typeparam>
/// <param name="FirstIndex">The position of the first item in the source, from 0.</param>
/// <param name="Values">The results of the items from <paramref name="FirstIndex"/> on; empty when <paramref name="Error"/> is set.</param>
/// <param name="Error">What the item at <paramref name="FirstIndex"/> failed with; null when the items succeeded.</param>
public readonly record struct FinishedItems<TResult>(long FirstIndex, ReadOnlyMemory<TResult> Values, Exception? Error);
