namespace MultiProc.Specs.Kit;

/// <summary>The base of specs that only call a pool which they share: each leaves it with nothing queued and nothing running.</summary>
[Collection(nameof(PoolSpec))]
public abstract class SharedPoolSpec(SharedPool shared) : IAsyncLifetime
{
    protected ProcessPool Pool => shared.Pool;

    public ValueTask InitializeAsync() => default;

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        await Eventually.TrueAsync(() => Pool.Statistics is { Queued: 0, Busy: 0 });
    }
}
