using System.Globalization;

namespace MultiProc.Specs.Calls;

/// <summary>What is large does not travel through the pipe; nobody may notice.</summary>
public sealed class LargeBlockSpecs : PoolSpec
{
    private const int Megabyte = 1 << 20;

    [Spec]
    public async Task It_comes_back_as_it_went_whatever_its_size_and_kind()
    {
        await using var pool = await ProcessPool.StartAsync(2);
        foreach (var length in new[] { 0, 1, 65_000, 65_535, 65_536, 65_537, 131_072, 1_000_003 })
        {
            var bytes = Noise(length, seed: length);
            var numbers = Array.ConvertAll(bytes, static one => one * 1.5);
            var text = Convert.ToHexString(bytes);

            Assert.Equal(bytes, await pool.ApplyAsync(static (byte[] block) => block, bytes));
            Assert.True((await pool.ApplyAsync(static (double[] block) => block, numbers)).AsSpan().SequenceEqual(numbers));
            Assert.Equal(text, await pool.ApplyAsync(static (string block) => block, text));
            var (word, number, list) = await pool.ApplyAsync(static (byte[] block, int number, string word) => (word, number, new List<byte>(block)), bytes, 17, text);
            Assert.Equal((text, 17), (word, number));
            Assert.Equal(bytes, list);
            Assert.Equal(bytes, await pool.RunAsync(() => bytes));
        }
    }

    [Spec]
    public async Task The_same_memory_serves_one_call_after_another()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Elsewhere everything goes through the pipe.");
        await using var pool = await ProcessPool.StartAsync(1);
        var bytes = Noise(8 * Megabyte, seed: 1);
        for (var call = 0; call < 30; call++)
        {
            Assert.Equal(bytes.Length, (await pool.ApplyAsync(static (byte[] block) => block, bytes)).Length);
        }

        // One place each for arguments and results, and another if its former owner was told late that it is free.
        var shared = File.ReadLines($"/proc/{pool.Workers[0].ProcessId}/status").Single(static line => line.StartsWith("RssShmem", StringComparison.Ordinal));
        Assert.InRange(int.Parse(shared.Split(':')[1].Replace("kB", "", StringComparison.Ordinal), CultureInfo.InvariantCulture), 8 * 1024, 64 * 1024);
    }

    [Spec]
    public async Task Many_at_once_do_not_mix()
    {
        await using var pool = await ProcessPool.StartAsync(3);
        for (var round = 0; round < 2; round++)
        {
            await Task.WhenAll(Enumerable.Range(0, 60).Select(async i =>
            {
                using var cancellation = new CancellationTokenSource();
                var bytes = Noise(50_000 + (i * 20_000), seed: i);
                var call = pool.ApplyAsync(static (byte[] block) => block, bytes, new CallOptions(), cancellation.Token);
                if (i % 5 == 0)
                {
                    await cancellation.CancelAsync();
                    await Task.WhenAny(call);
                    return;
                }

                Assert.True((await call).AsSpan().SequenceEqual(bytes));
            }));
        }
    }

    [Spec]
    public async Task Its_arguments_are_a_copy_of_the_moment_in_which_it_was_submitted()
    {
        using var scratch = new Scratch();
        var go = scratch.Mark("go");
        await using var pool = await ProcessPool.StartAsync(1);
        var blocked = pool.RunAsync(go.Wait);
        var bytes = new byte[Megabyte];
        var call = pool.ApplyAsync(static (byte[] block) => block.Sum(static one => (long)one), bytes);

        bytes.AsSpan().Fill(1);
        go.Set();

        await blocked;
        Assert.Equal(0, await call);
    }

    [Spec]
    public async Task A_second_attempt_reads_what_the_first_one_read()
    {
        using var scratch = new Scratch();
        var died = scratch.Mark("died");
        await using var pool = await ProcessPool.StartAsync(2);
        var bytes = Noise(3 * Megabyte, seed: 1);
        var others = Enumerable.Range(0, 20).Select(i => pool.ApplyAsync(static (byte[] block) => block, Noise(Megabyte, i), new CallOptions { MaxAttempts = 3 })).ToArray();

        var retried = await pool.ApplyAsync(DieOnce, died, bytes, new CallOptions { MaxAttempts = 2 });

        Assert.True(retried.AsSpan().SequenceEqual(bytes));
        for (var i = 0; i < others.Length; i++)
        {
            Assert.True((await others[i]).AsSpan().SequenceEqual(Noise(Megabyte, i)));
        }
    }

    [Spec]
    public async Task A_result_that_was_ready_outlives_its_worker()
    {
        await using var pool = await ProcessPool.StartAsync(1);
        for (var round = 0; round < 5; round++)
        {
            var bytes = Noise(Megabyte, round);
            var next = Noise(Megabyte, round + 100);

            // Both wait in one worker; the first one's result is not sent before the second one ends it.
            var first = pool.ApplyAsync(static (byte[] block) => block, bytes);
            var second = pool.ApplyAsync(
                static (byte[] block) =>
                {
                    Posix.Signal(Environment.ProcessId, Posix.Kill);
                    return block;
                },
                next);

            await Assert.ThrowsAsync<WorkerLostException>(() => second);
            Assert.True((await first).AsSpan().SequenceEqual(bytes));
        }
    }

    [Spec]
    public async Task A_map_of_large_items_is_in_order()
    {
        await using var pool = await ProcessPool.StartAsync(2);

        var results = await pool.MapAsync(
            static (byte[] block) => block, Enumerable.Range(0, 24).Select(static i => Noise((i + 1) * 40_000, i)), new MapOptions { ChunkSize = 1 });

        Assert.Equal(24, results.Length);
        Assert.All(results.Index(), static result => Assert.True(result.Item.AsSpan().SequenceEqual(Noise((result.Index + 1) * 40_000, result.Index))));
    }

    [Spec]
    public async Task What_failed_is_recorded_as_it_was()
    {
        using var scratch = new Scratch();
        await using var pool = await ProcessPool.StartAsync(new ProcessPoolOptions { Processes = 1, RecordDirectory = scratch.Path });
        var bytes = Noise(Megabyte, seed: 4);

        var failed = await Assert.ThrowsAsync<InvalidDataException>(() => pool.ApplyAsync(FailUnlessEmpty, bytes));
        for (var i = 0; i < 5; i++)
        {
            await pool.ApplyAsync(static (byte[] block) => block, Noise(Megabyte, i));
        }

        var record = RecordedCall.Load((string)failed.Data[RecordedCall.PathKey]!);
        var again = await Assert.ThrowsAsync<InvalidDataException>(() => record.InvokeAsync());
        Assert.Equal(failed.Message, again.Message);
    }

    [Spec]
    public async Task Insights_show_the_arguments_of_the_slowest_call_and_not_those_of_later_ones()
    {
        await using var pool = await ProcessPool.StartAsync(new ProcessPoolOptions { Processes = 1, CollectInsights = true });
        await pool.ApplyAsync(
            static (string name, byte[] block) =>
            {
                Thread.Sleep(200);
                return block.Length + name.Length;
            },
            "slow", new byte[Megabyte]);
        for (var i = 0; i < 5; i++)
        {
            await pool.ApplyAsync(static (string name, byte[] block) => block.Length + name.Length, "fast", new byte[Megabyte]);
        }

        Assert.Contains("slow", pool.Insights().SlowestCalls[0].Arguments, StringComparison.Ordinal);
    }

    private static byte[] DieOnce(Mark died, byte[] block)
    {
        if (!died.IsSet)
        {
            died.Set();
            Posix.Signal(Environment.ProcessId, Posix.Kill);
        }

        return block;
    }

    private static int FailUnlessEmpty(byte[] block) =>
        block.Length == 0 ? 0 : throw new InvalidDataException($"{block.Length} bytes, digest {Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(block))}");

    private static byte[] Noise(int length, int seed)
    {
        var bytes = new byte[length];
        new Random(seed).NextBytes(bytes);
        return bytes;
    }
}
