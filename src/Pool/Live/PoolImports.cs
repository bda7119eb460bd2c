using MultiProc.Boundary;

namespace MultiProc.Live;

/// <summary>
/// The imports of graphs from the workers of a pool that limits its results. Shared objects are the only live objects in
/// such a graph. An item that is later taken out of one of them has the same limit as a result.
/// </summary>
internal sealed class PoolImports : ILiveImports
{
    private readonly long _maxItemBytes;

    private PoolImports(SurrogateRules? rules, long maxItemBytes)
    {
        Rules = rules;
        _maxItemBytes = maxItemBytes;
    }

    public SurrogateRules? Rules { get; }

    /// <summary>Null: the pool has no limit. One without processes reads only what this process wrote.</summary>
    public static PoolImports? TryCreate(ProcessPoolOptions options) =>
        options is { MaxResultBytes: { } limit, Processes: not 0 } ? new PoolImports(options.Rules, limit) : null;

    /// <summary>For a pool with or without a limit.</summary>
    public static ILiveImports Of(ProcessPoolOptions options) => Of(TryCreate(options), options.Rules);

    /// <summary>The same, where they have been made.</summary>
    public static ILiveImports Of(PoolImports? limited, SurrogateRules? rules) => (ILiveImports?)limited ?? (ILiveImports?)rules ?? NoLiveImports.Instance;

    /// <summary>A worker can write into what has these limits.</summary>
    public void OnAttached(IItemLimits limits) => limits.LimitReading(_maxItemBytes);

    public CancellationToken ImportToken(int id) => NoLiveImports.Instance.ImportToken(id);

    public object ImportProgress(int id, Type valueType) => NoLiveImports.Instance.ImportProgress(id, valueType);
}
