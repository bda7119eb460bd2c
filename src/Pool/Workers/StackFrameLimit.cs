using System.Globalization;

namespace MultiProc.Workers;

/// <summary>
/// A filter for the lines of standard error that limits the length of a stack trace: the trace of a stack overflow can
/// have hundreds of thousands of lines. It reports how many lines it has omitted. Not thread-safe.
/// </summary>
internal sealed class StackFrameLimit(Action<string> next)
{
    /// <summary>The maximum number of lines for a stack overflow: the recursion shows in the first ones.</summary>
    public const int MaxOfOverflow = 100;

    /// <summary>The maximum number of lines for any other trace. No program writes that many on purpose.</summary>
    public const int MaxFrames = 1_000;

    private const string Overflow = "Stack overflow.";
    private const string Frame = "   at ";
    private const string Repetition = "Repeated ";
    private const string Rule = "--------";

    private int _limit = MaxFrames;
    private int _frames;

    public void Add(string line)
    {
        if (IsOfTrace(line))
        {
            if (++_frames <= _limit)
            {
                next(line);
            }

            return;
        }

        End();
        _limit = line == Overflow ? MaxOfOverflow : MaxFrames;
        next(line);
    }

    /// <summary>Ends the current trace. Lines may follow later.</summary>
    public void End()
    {
        var omitted = _frames - _limit;
        _frames = 0;
        if (omitted > 0)
        {
            next(string.Create(CultureInfo.InvariantCulture, $"   ... {omitted:N0} more lines of this stack trace were left out"));
        }
    }

    private static bool IsOfTrace(string line) =>
        line.StartsWith(Frame, StringComparison.Ordinal) || line.StartsWith(Repetition, StringComparison.Ordinal) || line.StartsWith(Rule, StringComparison.Ordinal);
}
