using MultiProc.TestFunctions;

namespace MultiProc.Specs.Calls;

public sealed class AllocationSpecs : PoolSpec
{
    private const int Count = 2_000;
    private const int Budget = 600;

    [Spec]
    public async Task Submitting_a_small_call_allocates_no_more_than_its_budget()
    {
        using var scratch = new Scratch();
        var (begun, go) = (scratch.Mark("begun"), scratch.Mark("go"));
        await using var pool = await ProcessPool.StartAsync(1);
        Assert.Equal(3, await pool.ApplyAsync(Arithmetic.Add, 1, 2));
        var blocker = pool.RunAsync(() =>
        {
            begun.Set();
            go.Wait();
        });
        await begun.WaitAsync();

        var calls = new Task<int>[Count];
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < Count; i++)
        {
            calls[i] = pool.ApplyAsync(Arithmetic.Add, i, 1);
        }

        var perCall = (GC.GetAllocatedBytesForCurrentThread() - before) / Count;
        go.Set();
        await blocker;
        Assert.Equal(Enumerable.Range(1, Count), await Task.WhenAll(calls));
        Assert.InRange(perCall, 1, Budget);
    }
}
