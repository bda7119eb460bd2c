namespace MultiProc.Host.Run.Display;

/// <summary>For logs and pipes: lines, and a last one with the totals.</summary>
internal sealed class PlainDisplay : IRunDisplay
{
    public Action<string>? ScreenResults => null;

    public void Note(string line) => Console.Error.WriteLine(line);

    public void Show(long done)
    {
    }

    public void End(long calls, long failed, TimeSpan elapsed) => Note(Totals.Text(calls, failed, elapsed));
}
