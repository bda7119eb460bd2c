using CsCheck;
using MultiProc.Unit.Boundary;

namespace MultiProc.Specs.Boundary;

/// <summary>Random graphs of everything that crosses, there and back. The worker makes each of them again by its seed, and compares; so does the host.</summary>
public sealed class RandomGraphSpecs(TwoWorkers shared) : SharedPoolSpec(shared), IClassFixture<TwoWorkers>
{
    [Spec]
    public Task A_random_graph_is_in_the_worker_what_it_was_here_and_comes_back_the_same() => Gen.Int.Array[1, 300].SampleAsync(
        async seeds =>
        {
            var back = await Pool.StarMapAsync(Compare, seeds.Select(static seed => (seed, RandomGraph.Of(seed))));
            foreach (var (seed, (difference, graph)) in seeds.Zip(back))
            {
                Assert.True((difference ?? DeepEquality.Difference(RandomGraph.Of(seed), graph)) is null, $"The graph of seed {seed}: {difference}");
            }
        },
        iter: 20,
        threads: 1);

    [Spec]
    public Task Captured_variables_and_results_are_random_graphs_too() => Gen.Int.SampleAsync(
        async seed =>
        {
            var graph = RandomGraph.Of(seed);
            var back = await Pool.RunAsync(() => DeepEquality.Difference(RandomGraph.Of(seed), graph) is null ? graph : "differs");
            Assert.Null(DeepEquality.Difference(graph, back));
        },
        iter: 200,
        threads: 1);

    private static (string? Difference, object? Graph) Compare(int seed, object? graph) => (DeepEquality.Difference(RandomGraph.Of(seed), graph), graph);
}
