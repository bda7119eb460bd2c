using MultiProc.Host.View;

namespace MultiProc.Host.Serve;

/// <summary>For logs and pipes: a line for each thing that happens, on standard output.</summary>
internal sealed class LineDisplay(string functions) : IServeDisplay
{
    private DateTimeOffset _told;
    private bool _isBegun;

    public void Show(PoolInfo pool, IReadOnlyList<PoolEvent> output)
    {
        if (!_isBegun)
        {
            _isBegun = true;
            Console.WriteLine(TerminalText.Line($"Serving '{pool.Name}' in process {pool.ProcessId} with {Cells.Counted(pool.Workers.Count, "worker")}; {functions}"));
        }

        foreach (var one in pool.Events.Concat(output).Where(one => one.Time > _told).OrderBy(static one => one.Time).ToArray())
        {
            Console.WriteLine(TerminalText.WithColors(one.Text));
            _told = one.Time;
        }
    }

    public void TellEnding(PoolInfo pool) =>
        Console.WriteLine($"Ending: {Cells.Counted(pool.Statistics.Busy + pool.Statistics.Queued, "call")} to finish.");

    public void Dispose()
    {
    }
}
