using System.Diagnostics.CodeAnalysis;

namespace MultiProc.Sharing;

/// <summary>One attempt, without blocking, to get what a waiter waits for. An exception ends the wait.</summary>
/// <param name="isOverdue">
/// True when the wait has taken so long that it is worth checking whether a process that holds the resource has died.
/// </param>
/// <param name="result">The result.</param>
internal delegate bool Attempt<TResult>(bool isOverdue, [MaybeNullWhen(false)] out TResult result);
