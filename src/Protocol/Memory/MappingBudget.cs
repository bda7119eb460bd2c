namespace MultiProc.Protocol.Memory;

/// <summary>
/// The budget of mappings in this process. When many exist, it collects garbage, because most of them may be
/// unreachable.
/// </summary>
/// <remarks>
/// Systems limit the mappings of a process (Linux: 65,530), the runtime crashes at that limit, and the collector does
/// not take mappings into account.
/// </remarks>
internal static class MappingBudget
{
    private const int MinLimit = 4096;

    private static int _count;
    private static int _limit = MinLimit;

    /// <summary>Counts a mapping that is about to be created.</summary>
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

    /// <summary>Counts a mapping that is gone, or will be with the same collection.</summary>
    public static void Remove() => Interlocked.Decrement(ref _count);
}
