using Microsoft.CodeAnalysis;
using MultiProc.Analyzers.Rules;

namespace MultiProc.AnalyzerTests;

public sealed class RulePageTests
{
    public static TheoryData<string> Rules => [.. All.Keys];

    private static Dictionary<string, DiagnosticDescriptor> All { get; } = typeof(PoolAnalyzer).Assembly.GetTypes()
        .Where(static type => type.IsSubclassOf(typeof(PoolAnalyzer)))
        .SelectMany(static type => ((PoolAnalyzer)Activator.CreateInstance(type)!).SupportedDiagnostics)
        .ToDictionary(static rule => rule.Id);

    [Fact]
    public void There_are_nine() => Assert.Equal(9, All.Count);

    [Theory]
    [MemberData(nameof(Rules))]
    public void Each_rule_leads_to_a_page_that_has_its_title_and_severity(string id)
    {
        var rule = All[id];
        var title = rule.Title.ToString(null);
        var page = File.ReadAllText(Page(id));

        Assert.EndsWith($"docs/rules/{id}.md", rule.HelpLinkUri, StringComparison.Ordinal);
        Assert.StartsWith($"# {id}: {title}\n", page.ReplaceLineEndings("\n"), StringComparison.Ordinal);
        Assert.Contains($"Severity: {Severity(rule)}.", page, StringComparison.Ordinal);
        Assert.Contains($"| [{id}]({id}.md) | {Severity(rule)} | {title} |", File.ReadAllText(Page("index")), StringComparison.Ordinal);
    }

    private static string Severity(DiagnosticDescriptor rule) => rule.DefaultSeverity == DiagnosticSeverity.Info ? "info" : "warning";

    private static string Page(string name)
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder!.FullName, "MultiProc.sln")))
        {
            folder = folder.Parent;
        }

        return Path.Combine(folder.FullName, "docs", "rules", name + ".md");
    }
}
