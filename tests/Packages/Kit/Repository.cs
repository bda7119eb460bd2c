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

    /// <summary>Copies what is not built, the history included: what is built names its commit.</summary>
    public static void CopyTo(string folder) => Copy(new DirectoryInfo(Root), folder);

    private static void Copy(DirectoryInfo from, string to)
    {
        Directory.CreateDirectory(to);
        foreach (var file in from.EnumerateFiles())
        {
            file.CopyTo(Path.Combine(to, file.Name));
        }

        foreach (var folder in from.EnumerateDirectories().Where(static folder => folder.Name is not ("bin" or "obj" or "artifacts")))
        {
            Copy(folder, Path.Combine(to, folder.Name));
        }
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
