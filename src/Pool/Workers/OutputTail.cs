using System.Globalization;

namespace MultiProc.Workers;

/// <summary>
/// The last lines of a worker's standard error, in bounded memory. If the runtime reports a crash, also the first lines
/// of the report, which say what happened. Thread-safe.
/// </summary>
internal sealed class OutputTail
{
    private const int MaxCharacters = 8_192;
    private const int MaxOfReport = MaxCharacters / 2;
    private const int MaxBeforeReport = MaxCharacters / 8;

    // The first words that the runtime writes when it terminates the process.
    private static readonly string[] CrashReportPrefixes = ["Stack overflow.", "Unhandled exception.", "Process terminated.", "Fatal error."];

    private readonly Lock _gate = new();
    private readonly List<string> _report = [];
    private readonly Queue<string> _lines = new();
    private string[] _before = [];
    private int _reportCharacters;
    private int _characters;
    private long _omitted;

    public void Add(string line)
    {
        if (line.Length > MaxOfReport)
        {
            line = line[^MaxOfReport..];
        }

        lock (_gate)
        {
            if (BeginsCrashReport(line))
            {
                BeginCrashReport();
            }

            if (_report.Count > 0 ? _reportCharacters + line.Length < MaxOfReport && _lines.Count == 0 : BeginsCrashReport(line))
            {
                _report.Add(line);
                _reportCharacters += line.Length + 1;
                return;
            }

            _lines.Enqueue(line);
            _characters += line.Length + 1;
            Trim(_report.Count == 0 ? MaxCharacters : MaxCharacters - MaxOfReport - MaxBeforeReport);
        }
    }

    public override string ToString()
    {
        lock (_gate)
        {
            string[] gap = _report.Count > 0 && _omitted > 0 ? [string.Create(CultureInfo.InvariantCulture, $"... {_omitted:N0} lines left out ...")] : [];
            return string.Join(Environment.NewLine, [.. _before, .. _report, .. gap, .. _lines]);
        }
    }

    private static bool BeginsCrashReport(string line) => Array.Exists(CrashReportPrefixes, report => line.StartsWith(report, StringComparison.Ordinal));

    // A later report replaces an earlier one: the last one belongs to the end of the process.
    private void BeginCrashReport()
    {
        Trim(MaxBeforeReport);
        _before = [.. _lines];
        _lines.Clear();
        _report.Clear();
        (_characters, _reportCharacters, _omitted) = (0, 0, 0);
    }

    private void Trim(int max)
    {
        while (_characters > max && _lines.Count > 1)
        {
            _characters -= _lines.Dequeue().Length + 1;
            _omitted++;
        }
    }
}
