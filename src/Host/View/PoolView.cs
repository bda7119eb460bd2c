using System.Globalization;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace MultiProc.Host.View;

/// <summary>A pool as a screen shows it: a title, totals, a table of workers, what happened last, and a hint. It fits into the size that it is given.</summary>
internal sealed class PoolView(string hint)
{
    // Title, two lines of totals, the table's head, the hint, and the empty lines between.
    private const int FixedLines = 8;
    private const int MaxEvents = 12;
    private const int TallScreen = 20;

    private readonly RateMeter _rates = new();

    /// <summary>The next frame.</summary>
    /// <param name="pool">What the pool is doing.</param>
    /// <param name="output">Lines that are shown with the pool's own events.</param>
    /// <param name="width">Columns of the screen.</param>
    /// <param name="height">Lines of the screen.</param>
    public IEnumerable<IRenderable> Render(PoolInfo pool, IReadOnlyList<PoolEvent> output, int width, int height)
    {
        _rates.Add(pool);
        var free = Math.Max(1, height - FixedLines);
        var shown = Shown(pool.Workers, Math.Max(1, free - (height >= TallScreen ? 3 : 1)));
        var isCut = shown.Count < pool.Workers.Count;
        var room = Math.Clamp(free - shown.Count - (isCut ? 1 : 0), 0, MaxEvents);

        yield return new Text(Cut(Title(pool), width), new Style(decoration: Decoration.Bold));
        foreach (var line in Totals(pool.Statistics, pool.Workers.Count))
        {
            yield return new Text(Cut(line, width));
        }

        yield return Text.Empty;
        yield return WorkerTable.Of(shown, _rates.Processors, width);
        if (isCut)
        {
            yield return new Text(Cut($"and {pool.Workers.Count - shown.Count} more", width), WorkerTable.Dim);
        }

        yield return Text.Empty;
        foreach (var one in pool.Events.Concat(output).OrderBy(static one => one.Time).TakeLast(room))
        {
            yield return new Text(Cut(TerminalText.WithoutColors($"{one.Time.ToLocalTime().ToString("HH:mm:ss", CultureInfo.InvariantCulture)}  {one.Text}"), width), WorkerTable.Dim);
        }

        yield return Text.Empty;
        yield return new Text(Cut(TerminalText.Line(hint), width), WorkerTable.Dim);
    }

    // The busy ones are worth more than the others when not all have room.
    private static IReadOnlyList<WorkerInfo> Shown(IReadOnlyList<WorkerInfo> workers, int room) => workers.Count <= room
        ? workers
        : [.. workers.OrderBy(static worker => worker.CurrentCall is null).Take(Math.Max(1, room - 1)).OrderBy(static worker => worker.Slot)];

    private static string Title(PoolInfo pool)
    {
        var state = !pool.IsOpen ? "ending: waits for its calls" : pool.IsServed ? "serving" : "running";
        return $"{Cells.Text(pool.Name)}  {state}  process {pool.ProcessId}  up {Cells.Time(TimeProvider.System.GetUtcNow() - pool.Started)}  {Cells.Text(Path.GetFileName(pool.Program))}";
    }

    private IEnumerable<string> Totals(PoolStatistics now, int workers) =>
    [
        $"{Cells.Counted(workers, "worker")}{(now.Workers < workers ? $" ({Cells.Count(now.Workers)} ready)" : "")}, {Cells.Count(now.Busy)} busy, {Cells.Count(now.Queued)} queued, {Cells.Count((long)_rates.CallsPerSecond)}/s",
        $"{Cells.Count(now.Completed)} done, {Cells.Count(now.Failed)} failed, {Cells.Count(now.Retried)} retried; "
            + $"workers: {Cells.Count(now.WorkersRestarted)} restarted, {Cells.Count(now.WorkersRecycled)} recycled",
    ];

    private static string Cut(string text, int width) => text.Length <= width ? text : width <= 1 ? "" : text[..(width - 1)] + "…";
}
