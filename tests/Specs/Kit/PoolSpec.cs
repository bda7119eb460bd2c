namespace MultiProc.Specs.Kit;

/// <summary>
/// The base of specs that start pools: what a spec leaves behind - a process, a socket, an open or mapped file - fails it.
/// They run one after another, and while nothing else runs, so that what is left can only be theirs.
/// </summary>
[Collection(nameof(PoolSpec))]
public abstract class PoolSpec : IAsyncLifetime
{
    private Footprint _before = Footprint.Empty;

    public virtual async ValueTask InitializeAsync()
    {
        await FirstPool.Started;
        _before = Footprint.Take();
    }

    public virtual async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        await _before.ExpectAgainAsync();
    }
}

[CollectionDefinition(nameof(PoolSpec), DisableParallelization = true)]
public static class OneAfterAnother;
