namespace MultiProc.Specs.Contract;

/// <summary>Map-reduce and broadcast.</summary>
public abstract class ReduceContract(SharedPool shared) : SharedPoolSpec(shared)
{
    [SpecTheory]
    [InlineData(null)]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(1_000)]
    public async Task A_reduction_that_does_not_commute_keeps_the_order(int? chunkSize)
    {
        var options = new MapOptions { ChunkSize = chunkSize };
        var expected = string.Concat(Enumerable.Range(0, 500).Select(static x => $"{x},"));

        Assert.Equal(expected, await Pool.MapReduceAsync(static (int x) => $"{x},", static (a, b) => a + b, Enumerable.Range(0, 500), options));
        Assert.Equal("seed:" + expected, await Pool.MapReduceAsync(static (int x) => $"{x},", static (a, b) => a + b, Enumerable.Range(0, 500), "seed:", options));
        Assert.Equal(expected, await Pool.MapReduceAsync(static (int x) => $"{x},", static (a, b) => a + b, SlowSource(500), options));
    }

    [Spec]
    public async Task A_map_may_be_async_and_capture()
    {
        var factor = 3;

        Assert.Equal(
            3 * 4_950,
            await Pool.MapReduceAsync(
                async (int x) =>
                {
                    await Task.Yield();
                    return x * factor;
                },
                static (a, b) => a + b, Enumerable.Range(0, 100)));
    }

    [Spec]
    public async Task Nothing_cannot_be_reduced_without_a_seed()
    {
        await Assert.ThrowsAsync<InvalidOperationException>(() => Pool.MapReduceAsync(static (int x) => x, static (a, b) => a + b, Array.Empty<int>()));

        Assert.Equal(5, await Pool.MapReduceAsync(static (int x) => x, static (a, b) => a + b, Array.Empty<int>(), 5));
        Assert.Equal(6, await Pool.MapReduceAsync(static (int x) => x, static (a, b) => a + b, [6]));
    }

    [Spec]
    public async Task Failures_of_map_reduce_and_source_come_as_they_are()
    {
        var map = await Assert.ThrowsAsync<FormatException>(
            () => Pool.MapReduceAsync(static (int x) => x == 7 ? throw new FormatException("map") : x, static (a, b) => a + b, Enumerable.Range(0, 20)));
        var reduce = await Assert.ThrowsAsync<FormatException>(
            () => Pool.MapReduceAsync(static (int x) => x, static (a, b) => throw new FormatException("reduce"), Enumerable.Range(0, 20)));

        Assert.Equal(("map", 7L, "reduce"), (map.Message, map.Data["Index"], reduce.Message));
        await Assert.ThrowsAsync<DriveNotFoundException>(() => Pool.MapReduceAsync(static (int x) => x, static (a, b) => a + b, Failing()));
    }

    [Spec]
    public async Task A_refusal_names_what_the_user_captured()
    {
        using var captured = new BufferedStream(Stream.Null);

        var refusal = await Assert.ThrowsAsync<NotSerializableException>(
            () => Pool.MapReduceAsync((int x) => x + captured.Length, static (a, b) => a + b, Enumerable.Range(0, 20)));

        Assert.Equal("captured", refusal.Path);
        Assert.Contains(nameof(A_refusal_names_what_the_user_captured), refusal.Message, StringComparison.Ordinal);
    }

    [Spec]
    public async Task A_broadcast_runs_once_on_every_worker_with_results_by_slot()
    {
        Task<int[]> processes = Pool.BroadcastAsync(static () => Environment.ProcessId);
        Task<int[]> later = Pool.BroadcastAsync(static async () =>
        {
            await Task.Yield();
            return Environment.ProcessId;
        });

        Assert.Equal(Pool.Workers.Select(static worker => worker.ProcessId), await processes);
        Assert.Equal(await processes, await later);
        await Pool.BroadcastAsync(static () => { });
        await Pool.BroadcastAsync(static async () => await Task.Yield());
        await Assert.ThrowsAsync<FormatException>(() => Pool.BroadcastAsync(static () => throw new FormatException()));
    }

    private static async IAsyncEnumerable<int> SlowSource(int count)
    {
        for (var i = 0; i < count; i++)
        {
            await Task.Yield();
            yield return i;
        }
    }

    private static IEnumerable<int> Failing()
    {
        yield return 1;
        throw new DriveNotFoundException("the source failed");
    }
}

public sealed class ReductionsInWorkers(TwoWorkers shared) : ReduceContract(shared), IClassFixture<TwoWorkers>;

public sealed class ReductionsInThisProcess(NoWorkers shared) : ReduceContract(shared), IClassFixture<NoWorkers>;
