using MultiProc.Benchmarks.Measuring;

namespace MultiProc.Benchmarks.Rows;

/// <summary>Everything that is measured, in the order of the page.</summary>
internal static class AllRows
{
    public static IReadOnlyList<Row> List { get; } =
    [
        new CallRow(), new FloodRow(), new MapRow(), new SingleItemsRow(), new BlockRow(), new AllWorkersRow(), new StartRow(), new WarmUpRow(),
        new RecoveryRow(), new PiRow(), new MakespanRow(), new IdleRow(), new QueuedRow(), new FlatRow(), new ChunkingRow(), new DurationsRow(),
        new LatencyRow(), new PayloadRow(),
    ];
}
