using System.CommandLine;
using System.Globalization;

namespace MultiProc.Host.Verbs;

/// <summary>An option that takes a whole number of a range; digits may be grouped by <c>_</c> or <c>,</c>.</summary>
internal static class NumberOption
{
    private static readonly char[] Groups = ['_', ','];

    public static Option<long> Create(string name, string description, long minimum, long maximum, params string[] aliases) => new(name, aliases)
    {
        Description = description,
        HelpName = "N",
        CustomParser = result =>
        {
            var text = result.Tokens[0].Value;
            if (long.TryParse(string.Concat(text.Split(Groups)), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
                && number >= minimum && number <= maximum)
            {
                return number;
            }

            result.AddError(string.Create(CultureInfo.InvariantCulture, $"{name} takes a whole number from {minimum:N0} to {maximum:N0}, not '{text}'."));
            return 0;
        },
    };
}
