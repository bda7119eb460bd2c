using System.Text.RegularExpressions;

namespace MultiProc.Specs.Guide;

/// <summary>What the guide and the pages show is what is compiled and run here: each of their C# blocks is a region of these files, and each region is in one.</summary>
public sealed partial class GuideTextSpecs
{
    private static readonly string[] Documents =
    [
        "guide.md", "starting.md", "cancelling-and-timeouts.md", "streaming.md", "hosting.md", "telemetry.md", "coming-from-task-run.md", "coming-from-parallel.md",
    ];

    private static readonly Dictionary<string, HashSet<string>> Blocks = Documents.ToDictionary(
        static document => document,
        static document => CSharpBlock().Matches(File.ReadAllText(RepositoryFiles.Path("docs", document)))
            .Select(static block => CodeText.Normalize(block.Groups["code"].Value)).ToHashSet());

    public static TheoryData<string> Names => [.. Regions.All.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void Each_example_is_in_a_document_as_it_is_run(string name) =>
        Assert.True(
            Blocks.Values.Any(blocks => blocks.Contains(Regions.All[name])), $"No document has a C# block with the text of region {name}: {Regions.All[name]}");

    [Fact]
    public void No_document_has_CSharp_that_is_not_run() => Assert.Empty(Blocks.Values.SelectMany(static blocks => blocks).Except(Regions.All.Values));

    [Fact]
    public void No_document_is_empty()
    {
        Assert.True(Blocks["guide.md"].Count >= 40, $"docs/guide.md has {Blocks["guide.md"].Count} C# blocks.");
        Assert.All(Blocks, static document => Assert.True(document.Value.Count > 0, $"docs/{document.Key} has no C# block."));
    }

    [Fact]
    public void The_index_and_the_sites_contents_lead_to_every_page()
    {
        var index = File.ReadAllText(RepositoryFiles.Path("docs", "index.md"));
        var contents = File.ReadAllText(RepositoryFiles.Path("docs", "toc.yml"));

        Assert.All(
            Directory.EnumerateFiles(RepositoryFiles.Path("docs"), "*.md").Select(static file => System.IO.Path.GetFileName(file)).Where(static file => file != "index.md"),
            file =>
            {
                Assert.Contains($"({file})", index, StringComparison.Ordinal);
                Assert.Contains($"href: {file}\n", contents.ReplaceLineEndings("\n"), StringComparison.Ordinal);
            });
    }

    [GeneratedRegex(@"^```csharp\r?\n(?<code>.*?)^```\r?$", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex CSharpBlock();
}
