using System.Text.RegularExpressions;

namespace MultiProc.Packages.Kit;

/// <summary>Where the sources are, from which the packages are made.</summary>
internal static partial class Repository
{
    public static string Root { get; } = FindRoot();

    /// <summary>The first C# block of a document below a heading, or of all of it.</summary>
    public static string CSharpOf(string document, string heading = "")
    {
        var text = File.ReadAllText(Path.Combine(Root, document)).ReplaceLineEndings("\n");
        return Block().Match(text, text.IndexOf(heading, StringComparison.Ordinal)).Groups["code"].Value;
    }

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder!.FullName, "MultiProc.sln")))
        {
            folder = folder.Parent;
        }

        return folder.FullName;
    }

    [GeneratedRegex("```csharp\n(?<code>.*?)```", RegexOptions.Singleline)]
    private static partial Regex Block();
}
