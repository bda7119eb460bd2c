#:property EnforceCodeStyleInBuild=false
// Counts the lines of C# below src, as they are kept by hand: ./build.sh lines
using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;

var root = Path.GetFullPath(Path.Combine(Path.GetDirectoryName(ThisFile())!, "../src"));
var files = Directory.EnumerateFiles(root, "*.cs", SearchOption.AllDirectories)
    .Select(path => (Parts: Path.GetRelativePath(root, path).Split(Path.DirectorySeparatorChar), Lines: File.ReadAllLines(path)))
    .Where(file => !file.Parts.Any(part => part is "bin" or "obj"))
    .ToList();

foreach (var project in files.GroupBy(file => file.Parts[0]).OrderBy(project => project.Key, StringComparer.Ordinal))
{
    Print("src/" + project.Key, [.. project]);
    foreach (var folder in project.Where(file => file.Parts.Length > 2).GroupBy(file => file.Parts[1]).OrderBy(folder => folder.Key, StringComparer.Ordinal))
    {
        Print("  " + folder.Key, [.. folder]);
    }
}

Print("all of src", files);

// A class may have several parts, each from its declaration to the brace in the first column.
var scheduling = files.Where(file => file.Parts is ["Pool", "Scheduling", ..]).ToList();
var longest = scheduling
    .SelectMany(file => Regex.Matches(string.Join('\n', file.Lines), @"^(?:\w+ )*(?:class|record|struct) (\w+)(?:.|\n)*?^\}", RegexOptions.Multiline))
    .GroupBy(type => type.Groups[1].Value, type => type.Value.Count(character => character == '\n') + 1)
    .MaxBy(type => type.Sum())!;
Console.WriteLine();
Print("src/Pool/Scheduling", scheduling);
Console.WriteLine($"  longest class: {longest.Key}, {longest.Sum()} lines");

static void Print(string name, IReadOnlyCollection<(string[] Parts, string[] Lines)> files) =>
    Console.WriteLine($"{name,-24} {files.Count,4} files {files.Sum(file => file.Lines.Length),7:N0} lines");

static string ThisFile([CallerFilePath] string path = "") => path;
