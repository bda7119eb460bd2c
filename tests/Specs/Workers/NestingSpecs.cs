namespace MultiProc.Specs.Workers;

public sealed class NestingSpecs : PoolSpec
{
    [Spec]
    public async Task A_pool_inside_a_worker_works()
    {
        await using var pool = await ProcessPool.StartAsync(1);

        var (worker, inner, sum) = await pool.RunAsync(static async () =>
        {
            await using var nested = await ProcessPool.StartAsync(2);
            return (Environment.ProcessId, nested.Workers[0].ProcessId, (await nested.MapAsync(static (int x) => x * x, Enumerable.Range(0, 10))).Sum());
        });

        Assert.Equal(285, sum);
        Assert.Equal(3, new[] { Environment.ProcessId, worker, inner }.Distinct().Count());
    }

    [Spec]
    public async Task A_nested_pool_dies_with_its_worker()
    {
        await using var pool = await ProcessPool.StartAsync(1);
        var inner = await pool.RunAsync(static async () =>
        {
            var forgotten = await ProcessPool.StartAsync(1);
            return forgotten.Workers[0].ProcessId;
        });
        Assert.True(ProcessTable.IsAlive(inner));

        Posix.Signal(pool.Workers[0].ProcessId, Posix.Kill);

        await Eventually.TrueWithinAsync(TimeSpan.FromSeconds(2), () => !ProcessTable.IsAlive(inner));
    }

    [Spec]
    public async Task Nesting_without_end_is_refused_with_a_clear_error()
    {
        await using var pool = await ProcessPool.StartAsync(1);

        var failure = await Assert.ThrowsAnyAsync<Exception>(() => pool.ApplyAsync(NestAsync, 1));

        Assert.Contains("nest", failure.ToString(), StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("no limit", failure.ToString(), StringComparison.Ordinal);
    }

    private static async Task<int> NestAsync(int depth)
    {
        if (depth > 12)
        {
            throw new InvalidOperationException("There is no limit.");
        }

        await using var pool = await ProcessPool.StartAsync(1);
        return await pool.ApplyAsync(NestAsync, depth + 1);
    }
}
