using System.Diagnostics;

namespace MultiProc.Scheduling;

/// <summary>
/// Lets one thread at a time change the dispatcher's state, and carries out the consequences after the lock is released. A thread
/// that finds the lock free does both itself, so a single call needs no other thread. Thread-safe.
/// </summary>
/// <remarks>
/// <code>
/// Enter ─▶ the change ─▶ Leave: Advance ─▶ lock released ─▶ orders, by receiver ─▶ faults are read ─▶ observations ─▶ completions ─▶ afterwards
/// </code>
/// <para>Nothing under the lock calls runners or the application. Orders to one receiver keep their order, whichever threads carry them
/// out (see <see cref="Orders"/>). The later steps may call the application, and delay only the thread that does so.</para>
/// </remarks>
internal sealed class Loop
{
    // The maximum number of orders that a thread carries out in a row for other threads.
    private const int MaxOrders = 64;

    private readonly Lock _gate = new();
    private readonly List<Orders> _waiting = [];
    private readonly List<Action> _observations = [];
    private readonly List<Action> _afterwards = [];
    private readonly Orders _timerOrders;
    private readonly ITimer _timer;
    private readonly Action<Action> _defer;
    private bool _advances;

    /// <param name="time">The clock of <see cref="Deadlines"/>.</param>
    /// <param name="defer">Runs an action soon, on another thread.</param>
    public Loop(TimeProvider time, Action<Action> defer)
    {
        _defer = defer;
        _timerOrders = NewOrders();

        // The timer must not capture the execution context of the caller.
        using var noFlow = ExecutionContext.IsFlowSuppressed() ? default : ExecutionContext.SuppressFlow();
        _timer = time.CreateTimer(static loop => ((Loop)loop!).OnTimer(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>The step that follows each change, under the lock.</summary>
    public required Action Advance { get; init; }

    /// <summary>Actions that are due at a time.</summary>
    public required Deadlines Deadlines { get; init; }

    /// <summary>Takes the completions to deliver; null: none.</summary>
    public required Func<List<Completion>?> TakeCompletions { get; init; }

    /// <summary>Reads the exceptions of functions among the completions.</summary>
    public required Action<List<Completion>> ReadFaults { get; init; }

    /// <summary>Delivers the completions.</summary>
    public required Action<List<Completion>> Complete { get; init; }

    /// <summary>Reports an internal failure. It must not be ignored: calls could wait for ever for a consequence that was lost.</summary>
    public required Action<Exception> Break { get; init; }

    /// <summary>Creates the orders of a new receiver.</summary>
    public Orders NewOrders() => new(_waiting);

    /// <summary>Takes the lock. Disposing the result releases it and carries out the consequences.</summary>
    /// <param name="isInterruptible">Whether an interrupt of the waiting thread may throw; otherwise the thread is interrupted again at the end.</param>
    /// <param name="advances">Whether <see cref="Advance"/> follows.</param>
    public Turn Enter(bool isInterruptible = false, bool advances = true)
    {
        Debug.Assert(!_gate.IsHeldByCurrentThread, "Nothing that is done under the lock may call the dispatcher.");
        var wasInterrupted = false;
        if (isInterruptible)
        {
            _gate.Enter();
        }
        else
        {
            wasInterrupted = EnterGate();
        }

        _advances = advances;
        return new Turn(this, wasInterrupted);
    }

    /// <summary>Takes the lock to read, or for a change without consequences.</summary>
    public Lock.Scope EnterForReading() => _gate.EnterScope();

    /// <summary>Under the lock: this change has no consequences.</summary>
    public void DoNotAdvance() => _advances = false;

    /// <summary>Under the lock: calls the observer after the release, before the related completions are delivered.</summary>
    public void Observe(Action action) => _observations.Add(action);

    /// <summary>Under the lock: runs an action after the release, when all completions have been delivered.</summary>
    public void Afterwards(Action action) => _afterwards.Add(action);

    /// <summary>Runs an action under the lock. It does not throw; see <see cref="Guard"/>.</summary>
    public void Run(Action action) =>
        Guard(() =>
        {
            using var turn = Enter();
            action();
        });

    /// <summary>
    /// Runs the action of a timer or of a pool thread. An exception would end the application, and must not be ignored either. So the
    /// pool fails, and all its calls with it.
    /// </summary>
    public void Guard(Action action)
    {
        try
        {
            action();
        }
        catch (Exception exception)
        {
            Break(exception);
        }
    }

    private static T[] TakeAll<T>(List<T> list)
    {
        T[] all = [.. list];
        list.Clear();
        return all;
    }

    private void OnTimer() => Run(Deadlines.Run);

    private void Leave(bool wasInterrupted)
    {
        Exception? failure = null;
        try
        {
            if (_advances)
            {
                Advance();
            }

            if (Deadlines.TimeToArm() is { } due)
            {
                _timerOrders.Enqueue(() => _timer.Change(due, Timeout.InfiniteTimeSpan));
            }
        }
        catch (Exception exception)
        {
            // The other consequences take place all the same.
            failure = exception;
        }

        var completions = TakeCompletions();
        var observations = TakeAll(_observations);
        var afterwards = TakeAll(_afterwards);
        var orders = TakeAll(_waiting);
        _gate.Exit();
        foreach (var one in orders)
        {
            wasInterrupted |= Execute(one);
        }

        if (completions is not null)
        {
            ReadFaults(completions);
        }

        foreach (var action in observations)
        {
            wasInterrupted |= Do(action);
        }

        if (completions is not null)
        {
            Complete(completions);
        }

        foreach (var action in afterwards)
        {
            wasInterrupted |= Do(action);
        }

        if (failure is not null)
        {
            Break(failure);
        }

        if (wasInterrupted)
        {
            Thread.CurrentThread.Interrupt();
        }
    }

    /// <returns>Whether the thread was interrupted meanwhile.</returns>
    private bool Execute(Orders orders)
    {
        var wasInterrupted = false;
        for (var executed = 0; ; executed++)
        {
            wasInterrupted |= EnterGate();
            var order = executed < MaxOrders ? orders.TryNext() : null;
            var afterwards = order is null ? orders.TakeAfterwards() : [];
            _gate.Exit();
            if (order is not null)
            {
                wasInterrupted |= Do(order);
                continue;
            }

            if (executed == MaxOrders)
            {
                _defer(() => Execute(orders));
            }

            foreach (var action in afterwards)
            {
                wasInterrupted |= Do(action);
            }

            return wasInterrupted;
        }
    }

    /// <returns>Whether the thread was interrupted meanwhile.</returns>
    private bool Do(Action action)
    {
        try
        {
            action();
        }
        catch (ThreadInterruptedException)
        {
            return true;
        }
        catch (Exception exception)
        {
            Break(exception);
        }

        return false;
    }

    /// <returns>Whether the thread was interrupted while it waited. It goes on waiting.</returns>
    private bool EnterGate()
    {
        for (var wasInterrupted = false; ; wasInterrupted = true)
        {
            try
            {
                _gate.Enter();
                return wasInterrupted;
            }
            catch (ThreadInterruptedException)
            {
                // Wait again.
            }
        }
    }

    /// <summary>The lock, held.</summary>
    public readonly ref struct Turn(Loop loop, bool wasInterrupted)
    {
        /// <summary>Releases the lock and carries out the consequences.</summary>
        public void Dispose() => loop.Leave(wasInterrupted);
    }
}
