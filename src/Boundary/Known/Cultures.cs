using System.Collections.Concurrent;
using System.Globalization;

namespace MultiProc.Boundary;

/// <summary>
/// Names of cultures that came from another process. .NET accepts nearly any well-formed name, and keeps what belongs to it for good; so the number of different names is bounded,
/// but for those that the system itself has.
/// </summary>
internal static class Cultures
{
    /// <summary>So many different names are taken as they come.</summary>
    public const int MaxNames = 1_024;

    private static readonly ConcurrentDictionary<string, bool> Names = new(StringComparer.OrdinalIgnoreCase);
    private static readonly Lazy<HashSet<string>> OfSystem = new(FindAll);

    /// <summary>Returns <paramref name="name"/>, of a culture or a region, if it may be asked for.</summary>
    /// <exception cref="BoundaryFormatException">Too many names that the system does not have were asked for.</exception>
    public static string Accept(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        if (Names.ContainsKey(name))
        {
            return name;
        }

        if (Names.Count < MaxNames)
        {
            Names[name] = true;
        }
        else if (!OfSystem.Value.Contains(name))
        {
            throw new BoundaryFormatException(
                $"Other processes have named {MaxNames:N0} different cultures, and the system does not have this one: '{TypeNames.Shorten(name)}'. .NET keeps each culture for good.");
        }

        return name;
    }

    private static HashSet<string> FindAll()
    {
        // The region of the invariant culture is in no list.
        HashSet<string> names = new(["IV"], StringComparer.OrdinalIgnoreCase);
        foreach (var culture in CultureInfo.GetCultures(CultureTypes.AllCultures))
        {
            names.Add(culture.Name);
            names.Add(culture.Name[(culture.Name.LastIndexOf('-') + 1)..]);
        }

        return names;
    }
}
