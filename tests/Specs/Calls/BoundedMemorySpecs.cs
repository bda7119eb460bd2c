using System.Diagnostics;

namespace MultiProc.Specs.Calls;

/// <summary>What is a million of something, or a gigabyte: it takes its time, but not memory without bound.</summary>
public sealed class BoundedMemorySpecs : PoolSpec
{
    private const int Gigabyte = 1 << 30;
    private const int Block = 1 << 20;

    [Spec]
    public async Task A_million_calls_wait_in_the_queue_and_all_are_answered()
    {
        const int Calls = 1_000_000;
        using var scratch = new Scratch();
        var go = scratch.Mark("go");
        await using var pool = await ProcessPool.StartAsync(2);
        var blocked = Enumerable.Range(0, 2).Select(_ => pool.RunAsync(go.Wait)).ToArray();
        await Eventually.TrueAsync(() => pool.Statistics.Busy == 2);

        var calls = new Task<int>[Calls];
        for (var i = 0; i < Calls; i++)
        {
            calls[i] = pool.ApplyAsync(static (int i) => i + 1, i);
        }

        Assert.Equal(Calls, pool.Statistics.Queued);
        go.Set();
        await Task.WhenAll(blocked);
        var results = await Task.WhenAll(calls);
        Assert.True(results.AsSpan().SequenceEqual(Enumerable.Range(1, Calls).ToArray()));
    }

    [Spec]
    public async Task A_worker_may_print_a_gigabyte()
    {
        long characters = 0;
        await using var pool = await ProcessPool.StartAsync(
            new ProcessPoolOptions { Processes = 1, Output = line => Interlocked.Add(ref characters, line.Line.Length) });
        var before = Memory();

        await pool.RunAsync(static () =>
        {
            var block = new byte[Block];
            block.AsSpan().Fill((byte)'x');
            for (var end = 1023; end < Block; end += 1024)
            {
                block[end] = (byte)'\n';
            }

            using var output = Console.OpenStandardOutput();
            for (var written = 0L; written < Gigabyte; written += Block)
            {
                output.Write(block);
            }
        });

        await Eventually.TrueAsync(() => Interlocked.Read(ref characters) == Gigabyte / 1024L * 1023);
        Assert.InRange(Memory() - before, long.MinValue, 200 << 20);
    }

    [Spec]
    public async Task A_gigabyte_of_results_waits_in_the_workers_for_a_host_that_is_slow_to_take_them()
    {
        const int Result = 16 << 20;
        await using var pool = await ProcessPool.StartAsync(2);
        var before = Memory();
        var taken = 0;

        await foreach (var result in pool.MapStreamAsync(
            static (int i) => MakeResult(i, Result), Enumerable.Range(0, Gigabyte / Result), new MapOptions { MaxBuffered = 3, ChunkSize = 1 }))
        {
            Assert.Equal((Result, (byte)taken, (byte)taken), (result.Length, result[0], result[^1]));
            taken++;
            if (taken % 16 == 0)
            {
                await Task.Delay(100);
                Assert.InRange(Memory() - before, long.MinValue, 15L * Result);
            }
        }

        Assert.Equal(Gigabyte / Result, taken);
    }

    [Spec]
    public async Task One_result_may_be_a_gigabyte()
    {
        await using var pool = await ProcessPool.StartAsync(1);

        var result = await pool.RunAsync(static () => MakeResult(7, Gigabyte));

        Assert.Equal((Gigabyte, (byte)7, (byte)7), (result.Length, result[0], result[^1]));
        Assert.Equal(1, await pool.RunAsync(static () => 1));
    }

    private static byte[] MakeResult(int value, int length)
    {
        var result = GC.AllocateUninitializedArray<byte>(length);
        result[0] = result[^1] = (byte)value;
        return result;
    }

    /// <summary>What this process holds, once what is dead has been given back: when the collector would have done so by itself depends on the machine's memory.</summary>
    private static long Memory()
    {
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        using var own = Process.GetCurrentProcess();
        return own.WorkingSet64;
    }
}
