using System.Collections.Concurrent;
using System.Runtime.CompilerServices;

namespace MultiProc.Attacks;

/// <summary>What workers print when they should not.</summary>
public sealed class OutputSpecs : PoolSpec
{
    private const int MaxTail = 8_300;
    private const int MaxLines = 150;

    [Spec]
    public async Task Of_a_stack_overflow_the_first_lines_are_passed_on_and_the_number_of_the_others()
    {
        var lines = new ConcurrentQueue<string>();
        await using var pool = await ProcessPool.StartAsync(new ProcessPoolOptions { Processes = 1, Output = line => lines.Enqueue(line.Line) });

        var lost = await Assert.ThrowsAsync<WorkerLostException>(() => pool.RunAsync(static () => Wander(new Random(1))));

        Assert.Equal("SIGABRT", lost.Signal);
        Assert.InRange(lines.Count, 3, MaxLines);
        Assert.Matches(@"^   \.\.\. [\d,]{5,} more lines of this stack trace were left out$", Assert.Single(lines, static line => line.Contains("left out", StringComparison.Ordinal)));
        Assert.StartsWith("Stack overflow.", lost.StandardErrorTail, StringComparison.Ordinal);
        Assert.Contains(lost.StandardErrorTail.Split('\n').Take(6), static line => line.Contains(nameof(Wander), StringComparison.Ordinal));
        Assert.Contains("were left out", lost.StandardErrorTail, StringComparison.Ordinal);
        Assert.InRange(lost.StandardErrorTail.Length, 1, MaxTail);
    }

    [Spec]
    public async Task A_pool_that_is_disposed_while_a_worker_starts_prints_nothing()
    {
        var lines = new ConcurrentQueue<string>();
        for (var delay = 0; delay <= 200; delay += 25)
        {
            var pool = await ProcessPool.StartAsync(new ProcessPoolOptions { Processes = 1, StandbyWorkers = 1, Output = line => lines.Enqueue(line.Line) });
            await Assert.ThrowsAsync<WorkerLostException>(() => pool.RunAsync(static () => Environment.Exit(3)));
            await Task.Delay(delay);
            await pool.DisposeAsync();
        }

        Assert.Empty(lines);
    }

    // Three methods that call each other in no order: the runtime finds no repetition, and prints each frame.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static int Wander(Random random) => (random.Next(3) switch { 0 => WanderLeft(random), 1 => WanderRight(random), _ => Wander(random) }) + 1;

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static int WanderLeft(Random random) => (random.Next(3) switch { 0 => WanderLeft(random), 1 => WanderRight(random), _ => Wander(random) }) + 1;

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static int WanderRight(Random random) => (random.Next(3) switch { 0 => WanderLeft(random), 1 => WanderRight(random), _ => Wander(random) }) + 1;
}
