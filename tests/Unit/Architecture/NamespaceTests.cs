using System.Text.RegularExpressions;

namespace MultiProc.Unit.Architecture;

/// <summary>Namespaces depend on each other in one direction: no cycle in any project, and in the library only as drawn here.</summary>
public sealed partial class NamespaceTests
{
    // What a line names may use what the lines below it name, as far as it stands behind the arrow. The root namespace is two layers: what users hold (options,
    // infos, exceptions, interfaces), which all may use, and the face (pool, extensions), which may use all.
    private const string Library = """
        MultiProc                -> all
        MultiProc.Control        -> Calls Diagnostics
        MultiProc.Records        -> Workers Workers.Launch Diagnostics Scheduling
        MultiProc.InProcess      -> Workers Insights Diagnostics Scheduling Live
        MultiProc.Workers        -> Workers.Launch Calls Insights Diagnostics Scheduling Live
        MultiProc.Workers.Launch -> Diagnostics
        MultiProc.Insights       -> Scheduling
        MultiProc.Sequences      -> Calls Scheduling Live
        MultiProc.Calls          -> Scheduling Live
        MultiProc.Diagnostics    -> Scheduling Live
        MultiProc.Scheduling     -> Live
        MultiProc.Sharing        -> Live
        MultiProc.Live           ->
        MultiProc.Context        ->
        """;

    [Fact]
    public void In_the_library_they_depend_on_each_other_as_drawn()
    {
        var drawn = Library.Split('\n', StringSplitOptions.TrimEntries).Select(static line => line.Split("->", StringSplitOptions.TrimEntries))
            .ToDictionary(static line => line[0], static line => line[1].Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(static name => "MultiProc." + name).ToHashSet());
        var order = drawn.Keys.ToList();

        var undrawn = Uses("Pool").Where(use => use.From != "MultiProc" && !drawn[use.From].Contains(use.To)).Select(static use => use.ToString());
        var upward = drawn.SelectMany(line => line.Value.Where(to => to != "MultiProc.all" && order.IndexOf(to) <= order.IndexOf(line.Key)).Select(to => $"{line.Key} -> {to}"));

        Assert.Empty(undrawn);
        Assert.Empty(upward);
        Assert.Empty(drawn.Keys.Except([.. Uses("Pool").Select(static use => use.From), .. Uses("Pool").Select(static use => use.To)]));
    }

    [Theory]
    [InlineData("Protocol")]
    [InlineData("Pool")]
    [InlineData("Worker")]
    [InlineData("Host")]
    [InlineData("Hosting")]
    [InlineData("SpectreConsole")]
    public void In_no_project_they_depend_on_each_other_in_a_circle(string project)
    {
        var uses = Uses(project).ToLookup(static use => use.From, static use => use.To);

        Assert.DoesNotContain(uses, from => from.SelectMany(Reachable).Contains(from.Key));

        IEnumerable<string> Reachable(string name)
        {
            HashSet<string> found = [];
            var open = new Stack<string>([name]);
            while (open.TryPop(out var next))
            {
                if (found.Add(next))
                {
                    foreach (var to in uses[next])
                    {
                        open.Push(to);
                    }
                }
            }

            return found;
        }
    }

    private static List<Use> Uses(string project)
    {
        var files = Sources.Files(project).Select(static file => string.Join('\n', file.Lines))
            .Select(static text => (Text: text, Namespace: Declaration().Match(text).Groups[1].Value)).ToList();

        // Extensions of the framework's types stand in the framework's own namespaces.
        var own = files.Select(static file => file.Namespace).Where(static name => name.StartsWith("MultiProc", StringComparison.Ordinal)).ToHashSet();

        return
        [
            .. files.SelectMany(file => Directive().Matches(file.Text).Select(match => new Use(file.Namespace, match.Groups[1].Value)))
                .Where(use => own.Contains(use.To) && use.From != use.To).Distinct(),
        ];
    }

    [GeneratedRegex(@"^namespace ([\w.]+);", RegexOptions.Multiline)]
    private static partial Regex Declaration();

    [GeneratedRegex(@"^using (?:static )?([\w.]+);", RegexOptions.Multiline)]
    private static partial Regex Directive();

    private sealed record Use(string From, string To)
    {
        public override string ToString() => $"{From} -> {To}";
    }
}
