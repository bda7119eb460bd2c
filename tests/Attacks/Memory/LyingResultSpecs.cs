using System.Buffers.Binary;

namespace MultiProc.Attacks.Memory;

/// <summary>Results that are not where they are said to be, or not as large as they may be.</summary>
public sealed class LyingResultSpecs : PoolSpec
{
    private const int Ended = 1060;

    [SpecTheory]
    [InlineData(-1, 10)]
    [InlineData(-4096, 4096)]
    [InlineData(0, -1)]
    [InlineData(0, long.MaxValue)]
    [InlineData(long.MaxValue, 1)]
    [InlineData(1L << 40, 4096)]
    [InlineData(0, 1L << 32)]
    [InlineData((1L << 30) - 10, 4096)]
    public async Task A_result_outside_of_its_area_ends_the_worker(long offset, long length) =>
        await AttackAsync(
            pool => pool.ApplyAsync(static (long offset, long length) => Place(offset, length), offset, length), "of an area that does not have them");

    [Spec]
    public async Task A_result_that_is_larger_than_allowed_ends_a_worker_that_sends_it_all_the_same() =>
        await AttackAsync(static pool => pool.RunAsync(static () => SendTooMuch()), "more than the 1000 bytes", new ProcessPoolOptions { MaxResultBytes = 1_000 });

    [Spec]
    public async Task A_record_that_is_longer_than_its_message_ends_the_worker() =>
        await AttackAsync(static pool => pool.RunAsync(static () => Claim(1 << 30)), "makes no sense");

    [Spec]
    public async Task A_result_that_leaves_a_call_without_an_end_ends_the_worker()
    {
        await using var pool = await ProcessPool.StartAsync(2);

        var unknown = await Assert.ThrowsAsync<WorkerLostException>(() => pool.RunAsync(static () => SendOfAnother(1L << 60)));
        var skipped = await Assert.ThrowsAsync<WorkerLostException>(() => pool.RunAsync(static () => SkipItem()));

        Assert.Contains("the pool has none of that number", unknown.Message, StringComparison.Ordinal);
        Assert.Contains("were expected", skipped.Message, StringComparison.Ordinal);
        Assert.Equal(1, await pool.RunAsync(static () => 1));
    }

    [Spec]
    public async Task Results_that_overlap_or_come_twice_cost_nobody_else_anything()
    {
        await using var pool = await ProcessPool.StartAsync(2);
        await pool.RunAsync(static () => { });
        await using var memory = new HostMemory();
        var others = Enumerable.Range(0, 50).Select(i => pool.ApplyAsync(static (int i) => i, i)).ToArray();

        // The first that names the open call counts; what it brings is not a result.
        var error = await Record.ExceptionAsync(() => pool.RunAsync(static () => PlaceTwice()));

        Assert.True(error is null or ProcessPoolException, error?.ToString());
        Assert.Equal(Enumerable.Range(0, 50), await Task.WhenAll(others));
        for (var i = 0; i < 20; i++)
        {
            var large = new byte[100_000 + i];
            large.AsSpan().Fill((byte)i);
            Assert.Equal(large, await pool.ApplyAsync(static (byte[] bytes) => bytes, large));
        }

        Assert.InRange(memory.Growth, long.MinValue, HostMemory.Goal);
    }

    private static async Task AttackAsync(Func<ProcessPool, Task> attack, string reason, ProcessPoolOptions? options = null)
    {
        using var logs = new CollectingLoggerFactory();
        await using var pool = await ProcessPool.StartAsync((options ?? new ProcessPoolOptions()) with { Processes = 2, LoggerFactory = logs });

        await Assert.ThrowsAsync<WorkerLostException>(() => attack(pool));

        var line = Assert.Single(logs.Lines, static line => line.Event.Id == Ended);
        Assert.Contains(reason, line.Message, StringComparison.Ordinal);
        Assert.Equal(1, await pool.RunAsync(static () => 1));
    }

    private static int Place(long offset, long length)
    {
        var link = new OwnLink();
        link.Placed(link.Unit, offset, length);
        Thread.Sleep(Timeout.Infinite);
        return 0;
    }

    private static int SendTooMuch()
    {
        var link = new OwnLink();
        var item = new byte[2_004];
        BinaryPrimitives.WriteInt32LittleEndian(item, 2_000);
        link.Done(link.Unit, 0, 0, 1, item);
        Thread.Sleep(Timeout.Infinite);
        return 0;
    }

    private static int Claim(int bytes)
    {
        var link = new OwnLink();
        link.Done(link.Unit, 0, 0, 1, new byte[100], claimed: bytes);
        Thread.Sleep(Timeout.Infinite);
        return 0;
    }

    private static int SendOfAnother(long unit)
    {
        new OwnLink().Done(unit, 0, 0, 1, new byte[10]);
        Thread.Sleep(Timeout.Infinite);
        return 0;
    }

    private static int SkipItem()
    {
        var link = new OwnLink();
        link.Done(link.Unit, 0, 1, 1, new byte[10]);
        Thread.Sleep(Timeout.Infinite);
        return 0;
    }

    private static byte[] PlaceTwice()
    {
        var link = new OwnLink();
        for (var i = 0; i < 1_000; i++)
        {
            link.Placed(OwnLink.FirstUnit, i * 16, 1 << 20);
            link.Placed(OwnLink.FirstUnit, i * 16, 1 << 20);
        }

        link.Placed(link.Unit, 0, 100_000);
        link.Placed(link.Unit, 0, 100_000);
        return new byte[200_000];
    }
}
