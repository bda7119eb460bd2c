using System.Runtime.CompilerServices;

namespace MultiProc.Specs.Calls;

/// <summary>What CPython specifies of <c>multiprocessing.Pool</c> and no other spec here covers.</summary>
public sealed class PythonSpecs(TwoWorkers shared) : SharedPoolSpec(shared), IClassFixture<TwoWorkers>
{
    [Spec]
    public async Task Giving_up_the_wait_for_a_result_leaves_the_call_running()
    {
        using var scratch = new Scratch();
        var go = scratch.Mark("go");
        var call = Pool.RunAsync(() =>
        {
            go.Wait();
            return 5;
        });

        await Assert.ThrowsAsync<TimeoutException>(() => call.WaitAsync(TimeSpan.FromMilliseconds(50)));
        go.Set();

        Assert.Equal(5, await call);
        Assert.Equal(5, await call);
    }

    [Spec]
    public async Task A_source_that_throws_despite_its_known_length_fails_the_map_with_its_own_exception_object()
    {
        var source = new Liar();

        for (var twice = 0; twice < 2; twice++)
        {
            Assert.Same(source.Truth, await Assert.ThrowsAsync<DriveNotFoundException>(() => Pool.MapAsync(static (int x) => x, source)));
        }

        Assert.DoesNotContain("Worker", source.Truth.ToString(), StringComparison.Ordinal);
    }

    [Spec]
    public async Task Failures_of_a_megabyte_each_do_not_block_the_end_of_the_pool()
    {
        await using var pool = await ProcessPool.StartAsync(2);
        var map = pool.MapAsync(static int (int _) => throw new FormatException(new string('x', 1 << 20)), Enumerable.Range(0, 50));
        var settled = pool.MapSettledAsync(static int (int _) => throw new FormatException(new string('y', 1 << 20)), Enumerable.Range(0, 20));

        pool.Close();
        await pool.JoinAsync();

        Assert.Equal(1 << 20, (await Assert.ThrowsAsync<FormatException>(() => map)).Message.Length);
        Assert.All(await settled, static outcome => Assert.Equal(1 << 20, outcome.Error!.Message.Length));
    }

    [Spec]
    public async Task Arguments_and_results_can_be_collected_when_the_call_has_ended()
    {
        var references = await CallAndForgetAsync();

        // What a thread still holds in a register is not held for ever.
        await Eventually.TrueAsync(() =>
        {
            GC.Collect();
            return references.All(static reference => !reference.IsAlive);
        });
    }

    [Spec]
    public async Task A_program_that_starts_a_pool_first_thing_in_Main_is_not_run_again_by_its_workers()
    {
        using var host = await HostProcess.StartAsync("Idle", busyWorkers: 0);

        Assert.Equal(host.Others.Order(), ProcessTable.Below(host.Id).Order());
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private async Task<WeakReference[]> CallAndForgetAsync()
    {
        var argument = new byte[100];
        var source = new[] { new byte[100] };
        var captured = new byte[100];
        var result = await Pool.ApplyAsync(static (byte[] bytes) => bytes, argument);
        var results = await Pool.MapAsync((byte[] bytes) => bytes.Length + captured.Length, source);
        return [new(argument), new(source[0]), new(captured), new(result), new(results)];
    }

    private sealed class Liar : IReadOnlyCollection<int>
    {
        public DriveNotFoundException Truth { get; } = new("the drive is gone");

        public int Count => 10;

        public IEnumerator<int> GetEnumerator()
        {
            for (var i = 0; i < 4; i++)
            {
                yield return i;
            }

            throw Truth;
        }

        System.Collections.IEnumerator System.Collections.IEnumerable.GetEnumerator() => GetEnumerator();
    }
}
