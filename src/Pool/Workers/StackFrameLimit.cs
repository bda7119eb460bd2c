using System.Globalization;

namespace MultiProc.Workers;

/// <summary>
/// Passes lines of standard error on, but of one stack trace only the first: that of a stack overflow can have hundreds of thousands. It says how many it left out.
/// Not thread-safe.
/// </summary>
internal sealed class StackFrameLimit(Action<string> next)
{
    /// <summary>Lines of the trace of a stack overflow: what calls itself shows in the first.</summary>
    public const int MaxOfOverflow = 100;

    /// <summary>Lines of any other trace. Nobody writes as many on purpose.</summary>
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

    /// <summary>Nothing more comes, at least not for now.</summary>
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
