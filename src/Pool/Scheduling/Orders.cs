namespace MultiProc.Scheduling;

/// <summary>
/// Orders to one receiver, such as a runner. They are given under the dispatcher's lock and carried out after it is released: in the order in which they were given,
/// by one thread at a time. A thread that meets another one at it leaves its orders to that one, and waits for nobody. Guarded by the dispatcher's lock.
/// </summary>
/// <remarks>No order is forgotten: whoever carries them out stops only under the lock, and only when there are none.</remarks>
/// <param name="waiting">All that have orders which nobody is carrying out. Whoever releases the lock takes them from there.</param>
internal sealed class Orders(List<Orders> waiting)
{
    private readonly Queue<Action> _given = new();
    private readonly List<Action> _afterwards = [];
    private bool _isTaken;

    /// <summary>An order must not block, and must not call the application.</summary>
    public void Enqueue(Action order)
    {
        _given.Enqueue(order);
        if (!_isTaken)
        {
            _isTaken = true;
            waiting.Add(this);
        }
    }

    /// <summary>From an order: does something on its thread when that carries out orders no more. This may block, and call the application.</summary>
    public void Afterwards(Action action) => _afterwards.Add(action);

    /// <summary>What is to be done by a thread that carries out orders no more.</summary>
    public Action[] TakeAfterwards()
    {
        Action[] all = [.. _afterwards];
        _afterwards.Clear();
        return all;
    }

    /// <summary>The next order; null: there are none, and the caller is relieved.</summary>
    public Action? TryNext()
    {
        _isTaken = _given.TryDequeue(out var order);
        return order;
    }
}
