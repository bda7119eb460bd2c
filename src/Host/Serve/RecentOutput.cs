namespace MultiProc.Host.Serve;

/// <summary>What the workers of a served pool have printed last. Thread-safe.</summary>
internal sealed class RecentOutput
{
    private const int Kept = 200;

    private readonly Queue<PoolEvent> _lines = new();

    public void Add(WorkerOutput output)
    {
        lock (_lines)
        {
            _lines.Enqueue(new PoolEvent(TimeProvider.System.GetUtcNow(), $"w{output.Slot}: {output.Line}"));
            if (_lines.Count > Kept)
            {
                _lines.Dequeue();
            }
        }
    }

    public IReadOnlyList<PoolEvent> Snapshot()
    {
        lock (_lines)
        {
            return [.. _lines];
        }
    }
}
