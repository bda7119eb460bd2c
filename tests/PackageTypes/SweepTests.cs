using System.Reflection;

namespace MultiProc.PackageTypes;

/// <summary>
/// Public types of the packages that can be made of simple arguments arrive as their own equality, text and items say they were, or are refused by name. Of large packages,
/// every n-th type is tried; with MULTIPROC_SWEEP=all, as in .ci/run, each one.
/// </summary>
public sealed class SweepTests
{
    private const int MostOfPackage = 80;

    private static readonly bool TriesAll = Environment.GetEnvironmentVariable("MULTIPROC_SWEEP") == "all";
    private static readonly TimeSpan LongestForType = TimeSpan.FromSeconds(10);

    /// <summary>What cannot be told apart from what is copied faithfully, each with the reason.</summary>
    private static readonly Dictionary<string, string> Known = new()
    {
        ["PhoneNumbers.PhoneMetadata"] = "it asks whether its parts are the default ones, by identity: nothing in a class that anybody can make says that one object of it is a constant",
        ["LanguageExt.Common.BottomError"] = "it is equal to what holds the same exception, and exceptions are copied: nothing in its fields says that this one is a constant",
    };

    [Fact(Timeout = 300_000)]
    public async Task Public_types_of_packages_arrive_as_their_own_equality_says_or_are_refused_by_name()
    {
        var assemblies = Assemblies();
        Assert.True(assemblies.Count >= 40, $"Only {assemblies.Count} assemblies are there.");
        var types = assemblies.SelectMany(static assembly => Some([.. Sweep.Types(assembly)])).ToArray();

        // In each of two threads every other type: a type that never ends is told by name, and what cannot be ended is left behind.
        Sweep[] sweeps = [new(), new()];
        var threads = sweeps.Select((sweep, part) => Start(() => sweep.Run(types.Where((_, index) => index % sweeps.Length == part), Known))).ToArray();
        while (!Task.WhenAll(threads).IsCompleted)
        {
            await Task.WhenAny(Task.WhenAll(threads), Task.Delay(100, TestContext.Current.CancellationToken));
            foreach (var sweep in sweeps)
            {
                Assert.False(sweep.Current is { } current && current.Time > LongestForType, $"{sweep.Current?.Type} takes longer than {LongestForType}.");
            }
        }

        await Task.WhenAll(threads);
        TestContext.Current.SendDiagnosticMessage(
            $"{types.Length} types: {sweeps.Sum(static sweep => sweep.Crossed)} crossed, {sweeps.Sum(static sweep => sweep.Refused)} refused, {sweeps.Sum(static sweep => sweep.NotMade)} not made");
        var problems = sweeps.SelectMany(static sweep => sweep.Problems).Order(StringComparer.Ordinal).ToArray();
        Assert.True(problems.Length == 0, $"{problems.Length}:{Environment.NewLine}{string.Join(Environment.NewLine, problems)}");
        Assert.True(sweeps.Sum(static sweep => sweep.Crossed) > (TriesAll ? 4_000 : 1_000));
    }

    /// <summary>What lies beside the tests for other reasons: ours, the test framework's, and what these bring.</summary>
    private static readonly string[] Others =
    [
        "MultiProc", "xunit", "Microsoft.Testing", "Microsoft.ApplicationInsights", "Microsoft.VisualStudio", "Microsoft.NET.StringTools", "MessagePack", "Nerdbank", "PolyType", "StreamJsonRpc",
    ];

    private static List<Assembly> Assemblies() =>
    [
        .. Directory.EnumerateFiles(AppContext.BaseDirectory, "*.dll")
            .Select(static path => Path.GetFileNameWithoutExtension(path))
            .Where(static name => !Array.Exists(Others, other => name.StartsWith(other, StringComparison.Ordinal)))
            .Order(StringComparer.Ordinal)
            .Select(static name => Assembly.Load(name)),
    ];

    private static IEnumerable<Type> Some(Type[] types) =>
        TriesAll || types.Length <= MostOfPackage ? types : Enumerable.Range(0, MostOfPackage).Select(index => types[(int)((long)index * types.Length / MostOfPackage)]);

    private static Task Start(Action run)
    {
        var ended = new TaskCompletionSource();
        var thread = new Thread(() =>
        {
            try
            {
                run();
                ended.SetResult();
            }
            catch (Exception exception)
            {
                ended.SetException(exception);
            }
        })
        { IsBackground = true };
        thread.Start();
        return ended.Task;
    }
}
