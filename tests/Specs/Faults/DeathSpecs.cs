using System.Globalization;

namespace MultiProc.Specs.Faults;

/// <summary>Deaths of which more is to be said than the fault matrix does.</summary>
public sealed class DeathSpecs : PoolSpec
{
    [SpecTheory]
    [InlineData(nameof(Crash.Exit), 3, null, "")]
    [InlineData(nameof(Crash.OverflowStack), null, "SIGABRT", "Stack overflow")]
    public async Task While_running_an_item_of_a_map(string way, int? exitCode, string? signal, string lastWords)
    {
        await using var pool = await ProcessPool.StartAsync(2);

        var outcomes = await pool.MapSettledAsync(
            i =>
            {
                if (i == 5)
                {
                    typeof(Crash).GetMethod(way)!.CreateDelegate<Action>()();
                }

                return i;
            },
            Enumerable.Range(0, 20), new MapOptions { ChunkSize = 10 });

        Assert.All(outcomes.Index(), static outcome => Assert.Equal((outcome.Index, outcome.Index != 5), (outcome.Index == 5 ? 5 : outcome.Item.Value, outcome.Item.IsSuccess)));
        var lost = Assert.IsType<WorkerLostException>(outcomes[5].Error);
        Assert.Equal((exitCode, signal), (lost.ExitCode, lost.Signal));
        Assert.Contains(lastWords, lost.StandardErrorTail, StringComparison.Ordinal);
        await HealedAsync(pool);
    }

    [SpecTheory]
    [InlineData(nameof(Crash.Exit), 3, null, "")]
    [InlineData(nameof(Crash.FailFast), null, "SIGABRT", "the function gives up")]
    public async Task While_starting(string way, int? exitCode, string? signal, string lastWords)
    {
        var die = typeof(Crash).GetMethod(way)!.CreateDelegate<Action>();

        var failure = await Assert.ThrowsAsync<WorkerStartException>(() => ProcessPool.StartAsync(new ProcessPoolOptions { Processes = 1 }.WithInitializer(die)));

        Assert.Contains(signal ?? $"exit code {exitCode}", failure.Message, StringComparison.Ordinal);
        Assert.Contains(lastWords, failure.StandardErrorTail, StringComparison.Ordinal);
        Assert.Null(failure.InnerException);
    }

    [Spec]
    public async Task A_worker_whose_function_closed_its_connection_is_replaced_and_no_call_waits_for_ever()
    {
        await using var pool = await ProcessPool.StartAsync(1);

        var call = pool.RunAsync(static () =>
        {
            foreach (var descriptor in Directory.GetFiles("/proc/self/fd"))
            {
                if (File.ResolveLinkTarget(descriptor, returnFinalTarget: false)?.Name.StartsWith("socket:", StringComparison.Ordinal) == true)
                {
                    Posix.Close(int.Parse(Path.GetFileName(descriptor), CultureInfo.InvariantCulture));
                }
            }

            return 1;
        });

        // Its result may have been saved from the status page, or not.
        await Task.WhenAny(call);
        Assert.True(call.IsCompletedSuccessfully || call.Exception!.InnerException is WorkerLostException, $"{call.Exception}");
        Assert.Equal(2, await pool.RunAsync(static () => 2));
    }

    private static async Task HealedAsync(ProcessPool pool) =>
        await Eventually.TrueAsync(() => pool.Workers.Count == 2 && pool.Workers.All(static worker => worker.State == WorkerState.Idle));
}
