namespace MultiProc.Workers;

/// <summary>
/// A counter of the workers that were lost within a time window, as in Erlang's supervisors. Guarded by the
/// supervisor's lock.
/// </summary>
/// <param name="max">The maximum number of losses within the window; null: no limit.</param>
/// <param name="window">How far back losses count.</param>
/// <param name="time">The clock.</param>
internal sealed class RestartIntensity(int? max, TimeSpan window, TimeProvider time)
{
    private readonly Queue<long> _losses = new();

    /// <summary>The number of losses within the window, as of the last one. 0 if there is no limit.</summary>
    public int Count => _losses.Count;

    /// <summary>Counts a worker that was lost just now.</summary>
    /// <returns>Whether more workers than the maximum were lost within the window.</returns>
    public bool NoteLoss()
    {
        if (max is null)
        {
            return false;
        }

        _losses.Enqueue(time.GetTimestamp());
        while (time.GetElapsedTime(_losses.Peek()) > window)
        {
            _losses.Dequeue();
        }

        return _losses.Count > max;
    }
}
