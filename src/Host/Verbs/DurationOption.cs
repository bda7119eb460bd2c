using System.CommandLine;
using System.Globalization;

namespace MultiProc.Host.Verbs;

/// <summary>An option that takes a time: a number of seconds, or with a unit: <c>200ms</c>, <c>1.5s</c>, <c>5m</c>, <c>2h</c>.</summary>
internal static class DurationOption
{
    private static readonly (string Suffix, double Milliseconds)[] Units = [("ms", 1), ("s", 1_000), ("m", 60_000), ("h", 3_600_000), ("", 1_000)];

    public static Option<TimeSpan?> Create(string name, string description, params string[] aliases) => new(name, aliases)
    {
        Description = description,
        HelpName = "TIME",
        CustomParser = result =>
        {
            var text = result.Tokens[0].Value;
            if (Parse(text) is { } time)
            {
                return time;
            }

            result.AddError($"{name} takes a time from 1ms to 24 days: seconds, or a number with ms, s, m or h, such as 1.5s; not '{text}'.");
            return null;
        },
    };

    /// <summary>Reads a time; null when the text is none, or out of range.</summary>
    public static TimeSpan? Parse(string text)
    {
        var (suffix, unit) = Units.First(unit => text.EndsWith(unit.Suffix, StringComparison.Ordinal));
        return double.TryParse(text[..^suffix.Length], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number)
            && number * unit is >= 1 and <= int.MaxValue
            ? TimeSpan.FromMilliseconds(number * unit)
            : null;
    }
}
