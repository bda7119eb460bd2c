namespace MultiProc.Specs.Kit;

/// <summary>One pool for all specs of a class that only call it; what it leaves behind is looked at once, at the end.</summary>
public abstract class SharedPool(int processes) : IAsyncLifetime
{
    private Footprint _before = Footprint.Empty;

    public ProcessPool Pool { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        await FirstPool.Started;
        _before = Footprint.Take();
        Pool = await ProcessPool.StartAsync(processes);
    }

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        await Pool.DisposeAsync();
        await _before.ExpectAgainAsync();
    }
}

public sealed class TwoWorkers() : SharedPool(2);

public sealed class NoWorkers() : SharedPool(0);
