namespace MultiProc.Workers;

/// <summary>Counts the workers that were lost within a window of time, as Erlang's supervisors do. Guarded by the supervisor's lock.</summary>
/// <param name="max">As many may be lost within the window; null: any number.</param>
/// <param name="window">How far back losses count.</param>
/// <param name="time">Tells when.</param>
internal sealed class RestartIntensity(int? max, TimeSpan window, TimeProvider time)
{
    private readonly Queue<long> _losses = new();

    /// <summary>Losses within the window, as of the last one. Not counted when any number is allowed.</summary>
    public int Count => _losses.Count;

    /// <summary>A worker was lost just now.</summary>
    /// <returns>Whether more were lost within the window than may be.</returns>
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
