namespace MultiProc.Protocol.Memory;

/// <summary>Collects garbage when many mappings exist, because most of them may be waiting for that.</summary>
/// <remarks>
/// Systems limit the mappings of a process (Linux: 65,530), the runtime itself dies at that limit, and mappings weigh nothing in the collector's own judgement.
/// </remarks>
internal static class MappingBudget
{
    private const int MinLimit = 4096;

    private static int _count;
    private static int _limit = MinLimit;

    /// <summary>A mapping is about to be made.</summary>
    public static void Add()
    {
        if (Interlocked.Increment(ref _count) <= Volatile.Read(ref _limit))
        {
            return;
        }

        GC.Collect();
        GC.WaitForPendingFinalizers();
        Volatile.Write(ref _limit, Math.Max(MinLimit, 2 * Volatile.Read(ref _count)));
    }

    /// <summary>A mapping is gone, or goes with the same collection.</summary>
    public static void Remove() => Interlocked.Decrement(ref _count);
}
