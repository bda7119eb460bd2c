namespace MultiProc.Host.Spelling;

/// <summary>Which of the known names someone may have meant.</summary>
internal static class NearestNames
{
    private const int Shown = 3;

    /// <summary>The nearest names, nearest first; none when nothing is near.</summary>
    public static string[] To(string wanted, IEnumerable<string> known)
    {
        var near = known.Distinct()
            .Select(name => (Name: name, Distance: Distance(wanted, name)))
            .Where(static candidate => candidate.Distance is not null)
            .OrderBy(static candidate => candidate.Distance)
            .ThenBy(static candidate => candidate.Name, StringComparer.Ordinal)
            .Take(Shown)
            .ToArray();

        // Next to a slip of one letter, a name that is quite different is no help.
        return [.. near.TakeWhile(candidate => candidate.Distance <= near[0].Distance + 1).Select(static candidate => candidate.Name)];
    }

    /// <summary>A question such as <c> Did you mean A or B?</c> with a leading space; empty when nothing is near.</summary>
    public static string Question(string wanted, IEnumerable<string> known) =>
        To(wanted, known) switch
        {
            [] => "",
            [var only] => $" Did you mean {only}?",
            [.. var others, var last] => $" Did you mean {string.Join(", ", others)} or {last}?",
        };

    // Null: not near. A name without its leading namespaces or types is a common way to be wrong, too.
    private static int? Distance(string wanted, string name)
    {
        var distance = Near(wanted, name);
        for (var dot = name.IndexOf('.', StringComparison.Ordinal); dot >= 0; dot = name.IndexOf('.', dot + 1))
        {
            distance = Near(wanted, name[(dot + 1)..]) + 1 is { } shorter && !(distance <= shorter) ? shorter : distance;
        }

        return distance;
    }

    private static int? Near(string wanted, string name)
    {
        // What both begin with, up to a dot, says nothing about how near the rest is.
        var common = wanted.AsSpan().CommonPrefixLength(name);
        var start = wanted.AsSpan(0, common).LastIndexOf('.') + 1;
        var distance = EditDistance.Between(wanted[start..], name[start..]);
        return distance <= Math.Max(1, (wanted.Length - start) / 3) ? distance : null;
    }
}
