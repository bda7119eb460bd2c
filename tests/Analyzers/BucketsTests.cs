using MultiProc.Analyzers.Rules;

namespace MultiProc.AnalyzerTests;

public sealed class BucketsTests
{
    private const string Types = """
        sealed class Names { private readonly string?[] _buckets = new string?[64]; public void Add(string name) => _buckets[(uint)name.GetHashCode() % 64] = name; }
        sealed class Registry { public Names Names { get; } = new(); }
        sealed class Counts { private readonly int[] _counts = new int[64]; public void Add(int number) => _counts[number % 64]++; public override int GetHashCode() => HashCode.Combine(_counts.Length % 7); }
        sealed class Ready { [NonSerialized] private string?[] _buckets = new string?[64]; public void Add(string name) => _buckets[(uint)name.GetHashCode() % 64] = name; }
        """;

    [Fact]
    public Task Table_that_nobody_can_ask_for_its_keys_is_marked_where_it_crosses() => Verify.ProgramAsync<BucketsAnalyzer>($$"""
        await using var pool = await ProcessPool.StartAsync(1);
        await pool.ApplyAsync((Names names) => 1, {|MULTIPROC010:new Names()|});
        await pool.ApplyAsync((Registry registry) => 1, {|MULTIPROC010:new Registry()|});
        await pool.RunAsync({|MULTIPROC010:() => new List<Names>()|});

        {{Types}}
        """);

    [Fact]
    public Task What_keeps_no_items_by_hash_code_or_makes_them_anew_is_left_alone() => Verify.ProgramAsync<BucketsAnalyzer>($$"""
        await using var pool = await ProcessPool.StartAsync(1);
        await pool.ApplyAsync((Counts counts) => 1, new Counts());
        await pool.ApplyAsync((Ready ready) => 1, new Ready());
        await pool.ApplyAsync((Dictionary<string, int> table) => 1, new Dictionary<string, int>());

        {{Types}}
        """);
}
