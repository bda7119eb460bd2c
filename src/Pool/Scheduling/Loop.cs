using System.Diagnostics;

namespace MultiProc.Scheduling;

/// <summary>
/// Lets one thread at a time change the dispatcher's state, and does what follows from the change once the lock is released. A thread that finds the lock free does
/// it all by itself, so a single call makes no hop to another thread. Thread-safe.
/// </summary>
/// <remarks>
/// <code>
/// Enter ─▶ the change ─▶ Leave: Advance ─▶ the lock is released ─▶ orders, receiver by receiver ─▶ exceptions are read ─▶ observations ─▶ ends are told ─▶ afterwards
/// </code>
/// <para>Nothing that is done under the lock calls runners or the application. Orders keep their order for each receiver, whichever threads carry them out (see
/// <see cref="Orders"/>). What comes behind them may call the application, which may take its time: that delays nobody but the thread that does it.</para>
/// </remarks>
internal sealed class Loop
{
    // A thread carries out no more orders than this, one after another, that others have given meanwhile.
    private const int MaxOrders = 64;

    private readonly Lock _gate = new();
    private readonly List<Orders> _waiting = [];
    private readonly List<Action> _observations = [];
    private readonly List<Action> _afterwards = [];
    private readonly Orders _timerOrders;
    private readonly ITimer _timer;
    private readonly Action<Action> _defer;
    private bool _advances;

    /// <param name="time">For <see cref="Deadlines"/>.</param>
    /// <param name="defer">Does something soon, on another thread.</param>
    public Loop(TimeProvider time, Action<Action> defer)
    {
        _defer = defer;
        _timerOrders = NewOrders();

        // What the caller has in its context is not the timer's.
        using var noFlow = ExecutionContext.IsFlowSuppressed() ? default : ExecutionContext.SuppressFlow();
        _timer = time.CreateTimer(static loop => ((Loop)loop!).OnTimer(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>What the dispatcher does with each change, under the lock.</summary>
    public required Action Advance { get; init; }

    /// <summary>What is to be done at a time.</summary>
    public required Deadlines Deadlines { get; init; }

    /// <summary>Takes the ends of items that are to be told; null: there are none.</summary>
    public required Func<List<Completion>?> TakeCompletions { get; init; }

    /// <summary>Reads, of these, what functions threw.</summary>
    public required Action<List<Completion>> ReadFaults { get; init; }

    /// <summary>Tells them.</summary>
    public required Action<List<Completion>> Complete { get; init; }

    /// <summary>Something failed that must not be passed over: calls could wait for ever for what was not done.</summary>
    public required Action<Exception> Break { get; init; }

    /// <summary>For another receiver.</summary>
    public Orders NewOrders() => new(_waiting);

    /// <summary>Takes the lock. What follows is done when the result is disposed.</summary>
    /// <param name="isInterruptible">Whether nothing has happened yet if the thread is interrupted while it waits; else it hears of that in the end.</param>
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

    /// <summary>Takes the lock to read, or for a change from which nothing follows.</summary>
    public Lock.Scope EnterForReading() => _gate.EnterScope();

    /// <summary>Under the lock: nothing follows from this change.</summary>
    public void DoNotAdvance() => _advances = false;

    /// <summary>Under the lock: lets the observer know something once it is released, before the ends that belong to it are told.</summary>
    public void Observe(Action action) => _observations.Add(action);

    /// <summary>Under the lock: does something once it is released, and all ends are told.</summary>
    public void Afterwards(Action action) => _afterwards.Add(action);

    /// <summary>Does something under the lock. It does not fail: see <see cref="Guard"/>.</summary>
    public void Run(Action action) =>
        Guard(() =>
        {
            using var turn = Enter();
            action();
        });

    /// <summary>
    /// Runs what a timer or a thread of the pool has to do. What it throws would end the application; but it cannot be passed over either. So the pool fails, and
    /// with it all calls.
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
            // What follows from the rest is done all the same.
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

    /// <returns>Whether the thread was interrupted while it waited. It waits all the same.</returns>
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
                // Again.
            }
        }
    }

    /// <summary>The lock is held.</summary>
    public readonly ref struct Turn(Loop loop, bool wasInterrupted)
    {
        /// <summary>Releases the lock, and does what follows.</summary>
        public void Dispose() => loop.Leave(wasInterrupted);
    }
}
