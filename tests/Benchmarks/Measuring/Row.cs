namespace MultiProc.Benchmarks.Measuring;

/// <summary>One thing that is measured.</summary>
internal abstract class Row(string name, string title)
{
    /// <summary>How it is asked for on the command line.</summary>
    public string Name => name;

    public string Title => title;

    public abstract Task<RowResult> MeasureAsync();

    /// <summary>How long something takes.</summary>
    protected static async Task<TimeSpan> TimeAsync(Func<Task> action)
    {
        var begun = System.Diagnostics.Stopwatch.GetTimestamp();
        await action();
        return System.Diagnostics.Stopwatch.GetElapsedTime(begun);
    }

    /// <inheritdoc cref="TimeAsync"/>
    protected static TimeSpan Time(Action action)
    {
        var begun = System.Diagnostics.Stopwatch.GetTimestamp();
        action();
        return System.Diagnostics.Stopwatch.GetElapsedTime(begun);
    }

    protected static Series Find(IEnumerable<Series> series, string name) => series.Single(one => one.Name == name);
}
