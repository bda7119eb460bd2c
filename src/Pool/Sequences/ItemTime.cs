namespace MultiProc.Sequences;

/// <summary>The measured run time of an item. All maps of a function share it. Thread-safe.</summary>
internal sealed class ItemTime
{
    private const double Weight = 0.5;

    private double _milliseconds = double.NaN;

    public bool IsKnown => !double.IsNaN(Milliseconds);

    public double Milliseconds => Volatile.Read(ref _milliseconds);

    /// <summary>
    /// So long did some take. Shorter is believed at once: what made it look longer before may have been another
    /// process's turn.
    /// </summary>
    public void Note(double milliseconds)
    {
        var known = Milliseconds;
        Volatile.Write(ref _milliseconds, milliseconds > known ? (Weight * milliseconds) + ((1 - Weight) * known) : milliseconds);
    }
}
