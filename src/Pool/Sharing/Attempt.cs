using System.Diagnostics.CodeAnalysis;

namespace MultiProc.Sharing;

/// <summary>Tries once, without waiting, to get what a waiter waits for. An exception ends the wait.</summary>
/// <param name="isOverdue">True when the wait has been so long that it is worth finding out whether a process in the way has died.</param>
/// <param name="result">What was got.</param>
internal delegate bool Attempt<TResult>(bool isOverdue, [MaybeNullWhen(false)] out TResult result);
