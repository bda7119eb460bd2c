namespace MultiProc.Scheduling;

/// <summary>
/// A queue of orders to one receiver, such as a runner. Orders are enqueued under the dispatcher's lock and executed after its release:
/// in their order, by one thread at a time. A thread that finds another one executing leaves its orders to that one and does not wait.
/// Guarded by the dispatcher's lock.
/// </summary>
/// <remarks>No order is lost: the executing thread stops only under the lock, and only when there are no orders.</remarks>
/// <param name="waiting">All queues with orders that nobody executes. The thread that releases the lock takes them from there.</param>
internal sealed class Orders(List<Orders> waiting)
{
    private readonly Queue<Action> _given = new();
    private readonly List<Action> _afterwards = [];
    private bool _isTaken;

    /// <summary>Adds an order, which must neither block nor call the application.</summary>
    public void Enqueue(Action order)
    {
        _given.Enqueue(order);
        if (!_isTaken)
        {
            _isTaken = true;
            waiting.Add(this);
        }
    }

    /// <summary>For use by an order: runs an action on its thread after that has stopped executing orders. The action may block and call the application.</summary>
    public void Afterwards(Action action) => _afterwards.Add(action);

    /// <summary>Takes the actions for a thread that has stopped executing orders.</summary>
    public Action[] TakeAfterwards()
    {
        Action[] all = [.. _afterwards];
        _afterwards.Clear();
        return all;
    }

    /// <summary>Takes the next order; null: there is none, and the caller stops executing.</summary>
    public Action? TryNext()
    {
        _isTaken = _given.TryDequeue(out var order);
        return order;
    }
}
