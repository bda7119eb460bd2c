namespace MultiProc.Protocol.Control;

/// <summary>The memory budget that the connections of one pool share. Thread-safe.</summary>
/// <param name="limit">The maximum number of bytes.</param>
internal sealed class ControlBudget(long limit)
{
    private long _used;

    /// <summary>Takes bytes from the budget.</summary>
    /// <returns>Whether enough was left; otherwise nothing is taken.</returns>
    public bool TryTake(long bytes)
    {
        if (Interlocked.Add(ref _used, bytes) <= limit)
        {
            return true;
        }

        Return(bytes);
        return false;
    }

    /// <summary>Returns bytes that were taken.</summary>
    public void Return(long bytes) => Interlocked.Add(ref _used, -bytes);
}
