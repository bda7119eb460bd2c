using System.Runtime.CompilerServices;

namespace MultiProc.Unit.Architecture;

/// <summary>The repository's own files.</summary>
internal static class Sources
{
    /// <summary>The folder <c>src</c>.</summary>
    public static string Root { get; } = Path.GetFullPath(Path.Combine(Path.GetDirectoryName(ThisFile())!, "../../../src"));

    /// <summary>All C# files of a folder of <c>src</c>, with their paths inside it.</summary>
    public static IEnumerable<(string Path, string[] Lines)> Files(string folder = "")
    {
        var root = Path.Combine(Root, folder);
        return Directory.EnumerateFiles(root, "*.cs", SearchOption.AllDirectories)
            .Select(path => Path.GetRelativePath(root, path).Replace('\\', '/'))
            .Where(static path => !path.Split('/').Any(static part => part is "bin" or "obj"))
            .Order(StringComparer.Ordinal)
            .Select(path => (path, File.ReadAllLines(Path.Combine(root, path))));
    }

    public static string ThisFile([CallerFilePath] string path = "") => path;
}
