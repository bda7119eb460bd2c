namespace MultiProc.Unit.Architecture;

/// <summary>Namespaces use each other in one direction: no cycle in any project, and in the library only as drawn here. Read from the compiled assemblies.</summary>
public sealed class NamespaceTests
{
    // A line names what it uses of the lines below it. (The compiler puts constants into the code that uses them: those are not seen.) What users hold - options, infos, exceptions, interfaces - is the last one: everybody may use it.
    // What users call - the pool, its extensions, shared objects - is the first one: nobody may use it.
    private const string Library = """
        face           -> all
        Control        -> Diagnostics Scheduling
        Records        -> Workers Workers.Launch Diagnostics Scheduling
        InProcess      -> Workers Insights Diagnostics Scheduling Live
        Workers        -> Workers.Launch Calls Insights Diagnostics Scheduling Live
        Workers.Launch ->
        Insights       -> Scheduling
        Sequences      -> Calls Scheduling Live
        Calls          -> Scheduling Live
        Diagnostics    -> Scheduling Live
        Scheduling     -> Live
        Sharing        -> Live
        Live           ->
        contracts      ->
        """;

    // The types of the library's root namespace that are its face. All others there are contracts; so are the checks of options, and the form of infos as JSON.
    private static readonly HashSet<string> Face =
    [
        "ProcessPool", "ProcessPoolExtensions", "PoolObserver", "PoolConnection", "RecordedCall", "WorkerDiagnostics",
        "SharedArray`1", "SharedBarrier", "SharedEvent", "SharedLock", "SharedQueue`1", "SharedSemaphore", "SharedValue`1",
    ];

    private static readonly HashSet<string> Contracts = ["Validation", "Json"];

    [Fact]
    public void In_the_library_they_use_each_other_as_drawn()
    {
        var drawn = Library.Split('\n', StringSplitOptions.TrimEntries).Select(static line => line.Split("->", StringSplitOptions.TrimEntries))
            .ToDictionary(static line => line[0], static line => line[1].Split(' ', StringSplitOptions.RemoveEmptyEntries).ToHashSet());
        var order = drawn.Keys.ToList();
        var uses = CompiledTypes.Uses(Assembly("MultiProc")).Where(static use => IsOurs(use.From) && IsOurs(use.To))
            .Select(static use => (use.From, use.To, Here: RoomOf(use.From), There: RoomOf(use.To))).Where(static use => use.Here != use.There).ToList();

        var undrawn = uses.Where(use => use.Here != "face" && use.There != "contracts" && !drawn[use.Here].Contains(use.There)).Select(static use => $"{use.From} -> {use.To}");
        var upward = drawn.SelectMany(line => line.Value.Where(to => to != "all" && order.IndexOf(to) <= order.IndexOf(line.Key)).Select(to => $"{line.Key} -> {to}"));
        var unused = drawn.SelectMany(line => line.Value.Where(to => to != "all" && !uses.Exists(use => use.Here == line.Key && use.There == to)).Select(to => $"{line.Key} -> {to}"));

        Assert.Empty(undrawn);
        Assert.Empty(upward);
        Assert.Empty(unused);
        Assert.Empty(Face.Except(uses.Select(static use => Name(use.From))));
    }

    [Theory]
    [InlineData("MultiProc.Boundary")]
    [InlineData("MultiProc.Protocol")]
    [InlineData("MultiProc.Worker")]
    [InlineData("MultiProc.Host")]
    [InlineData("MultiProc.Extensions.Hosting")]
    [InlineData("MultiProc.Extensions.SpectreConsole")]
    public void In_no_assembly_they_use_each_other_in_a_circle(string assembly)
    {
        var uses = CompiledTypes.Uses(Assembly(assembly)).Where(static use => IsOurs(use.From) && IsOurs(use.To))
            .Select(static use => (From: Namespace(use.From), To: Namespace(use.To))).Where(static use => use.From != use.To).ToLookup(static use => use.From, static use => use.To);

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

    private static string Assembly(string name) => Path.Combine(AppContext.BaseDirectory, name + ".dll");

    // Extensions of the framework's types stand in the framework's own namespaces, and what compilers generate stands in none.
    private static bool IsOurs(string type) => type.StartsWith("MultiProc.", StringComparison.Ordinal);

    private static string Namespace(string type) => type[..type.LastIndexOf('.')];

    private static string Name(string type) => type[(type.LastIndexOf('.') + 1)..];

    private static string RoomOf(string type) => Namespace(type) == "MultiProc" ? Face.Contains(Name(type)) ? "face" : "contracts"
        : Namespace(type)["MultiProc.".Length..] is var room && Contracts.Contains(room) ? "contracts" : room;
}
