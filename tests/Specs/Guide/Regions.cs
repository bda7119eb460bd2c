using System.Text.RegularExpressions;

namespace MultiProc.Specs.Guide;

/// <summary>The parts of these files that the documentation shows: what stands between <c>// &lt;name&gt;</c> and <c>// &lt;/name&gt;</c>.</summary>
internal static partial class Regions
{
    /// <summary>Each region's code by its name, without white space that only indents.</summary>
    public static IReadOnlyDictionary<string, string> All { get; } =
        Directory.EnumerateFiles(RepositoryFiles.Path("tests", "Specs", "Guide"), "*.cs", SearchOption.AllDirectories)
            .SelectMany(static file => Region().Matches(File.ReadAllText(file)))
            .ToDictionary(static match => match.Groups["name"].Value, static match => CodeText.Normalize(match.Groups["code"].Value));

    [GeneratedRegex(@"^ *// <(?<name>[a-z-]+)>\r?\n(?<code>.*?)^ *// </\k<name>>\r?$", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Region();
}
