using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;

namespace MultiProc.Sharing;

/// <summary>
/// The waits of this process for one condition in shared memory: blocking ones on their own threads, asynchronous ones
/// together on one thread.
/// </summary>
/// <remarks>
/// A waiter that succeeds while more is left for others wakes the next (<see cref="WaitWord.Wake"/>), because one
/// wake-up may stand for several changes.
/// </remarks>
internal sealed class Waiters(SharedBlock block, WaitWord word, bool inTurn)
{
    private readonly WaiterThread _thread = new(block, word, inTurn);

    public WaitWord Word => word;

    /// <summary>Validates a time limit given by a user.</summary>
    public static void ThrowIfNegative(TimeSpan timeout)
    {
        if (timeout < TimeSpan.Zero && timeout != Timeout.InfiniteTimeSpan)
        {
            throw new ArgumentOutOfRangeException(nameof(timeout), timeout, "A time limit is zero or more, or Timeout.InfiniteTimeSpan.");
        }
    }

    /// <summary>Tries once, without waiting. Fails if other waiters are starving.</summary>
    public bool TryNow<TResult>(Attempt<TResult> attempt, [MaybeNullWhen(false)] out TResult result)
    {
        block.ThrowIfEnded();
        if (!(inTurn && word.IsStarving))
        {
            return attempt(isOverdue: false, out result);
        }

        result = default;
        return false;
    }

    /// <summary>Waits on the calling thread.</summary>
    /// <returns>False if <paramref name="timeout"/> passed first.</returns>
    /// <exception cref="ObjectDisposedException">
    /// The object was disposed here or by its creator, or the creator has exited.
    /// </exception>
    public bool Wait<TResult>(Attempt<TResult> attempt, TimeSpan timeout, CancellationToken cancellationToken, [MaybeNullWhen(false)] out TResult result)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (TryNow(attempt, out result))
        {
            return true;
        }

        var started = Stopwatch.GetTimestamp();
        for (var spin = default(SpinWait); timeout != TimeSpan.Zero && !spin.NextSpinWillYield;)
        {
            spin.SpinOnce(sleep1Threshold: -1);
            if (TryNow(attempt, out result))
            {
                return true;
            }
        }

        using var registration = cancellationToken.UnsafeRegister(static word => ((WaitWord)word!).WakeAll(), word);
        var backoff = PollBackoff.Start();
        var yieldsToStarving = inTurn && word.IsStarving;
        while (true)
        {
            var sequence = word.Prepare();
            var isOverdue = backoff.IsOverdue();
            if (isOverdue)
            {
                block.ThrowIfAbandoned();
            }

            block.ThrowIfEnded();
            if (!yieldsToStarving && attempt(isOverdue, out result))
            {
                word.Relieve();
                return true;
            }

            cancellationToken.ThrowIfCancellationRequested();
            var remaining = timeout == Timeout.InfiniteTimeSpan ? int.MaxValue : (timeout - Stopwatch.GetElapsedTime(started)).TotalMilliseconds;
            if (remaining <= 0)
            {
                return attempt(isOverdue: true, out result);
            }

            word.IsStarving |= isOverdue && inTurn;
            yieldsToStarving = false;
            word.Sleep(sequence, (int)Math.Ceiling(Math.Min(backoff.Remaining, remaining)));
        }
    }

    /// <summary>Waits without blocking the caller's thread.</summary>
    public ValueTask<TResult> WaitAsync<TResult>(Attempt<TResult> attempt, CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested)
        {
            return ValueTask.FromCanceled<TResult>(cancellationToken);
        }

        return TryNow(attempt, out var result)
            ? new ValueTask<TResult>(result)
            : new ValueTask<TResult>(_thread.Add(new AsyncWaiter<TResult>(attempt, cancellationToken)));
    }
}
