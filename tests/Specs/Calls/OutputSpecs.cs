using System.Collections.Concurrent;

namespace MultiProc.Specs.Calls;

public sealed class OutputSpecs : PoolSpec
{
    private readonly ConcurrentQueue<WorkerOutput> _lines = new();

    private ProcessPoolOptions Options => new() { Processes = 2, Output = _lines.Enqueue };

    [Spec]
    public async Task Ten_megabytes_on_standard_output_arrive_whole_and_in_order()
    {
        const int Lines = 100_000;
        await using var pool = await ProcessPool.StartAsync(Options);

        await pool.RunAsync(static () =>
        {
            using var output = new StreamWriter(Console.OpenStandardOutput());
            for (var i = 0; i < Lines; i++)
            {
                output.WriteLine($"{i,100}");
            }
        });

        await Eventually.TrueAsync(() => _lines.Count == Lines);
        Assert.Equal(Enumerable.Range(0, Lines).Select(static i => $"{i,100}"), _lines.Select(static line => line.Line));
    }

    [Spec]
    public async Task Each_line_comes_with_its_slot_and_stream()
    {
        await using var pool = await ProcessPool.StartAsync(Options);

        await pool.BroadcastAsync(static () =>
        {
            Console.WriteLine("out of " + WorkerContext.Current!.Name);
            Console.Error.WriteLine("error of " + WorkerContext.Current.Name);
        });

        await Eventually.TrueAsync(() => _lines.Count == 4);
        Assert.Equal(
            [
                new WorkerOutput(0, IsError: false, "out of w0"), new WorkerOutput(0, IsError: true, "error of w0"),
                new WorkerOutput(1, IsError: false, "out of w1"), new WorkerOutput(1, IsError: true, "error of w1"),
            ],
            _lines.OrderBy(static line => line.Slot).ThenBy(static line => line.IsError));
    }

    [Spec]
    public async Task The_last_line_before_a_crash_arrives_even_unfinished()
    {
        await using var pool = await ProcessPool.StartAsync(Options);

        var lost = await Assert.ThrowsAsync<WorkerLostException>(() => pool.RunAsync(static () =>
        {
            Console.Write("last words");
            Console.Error.Write("last error");
            Posix.Signal(Environment.ProcessId, Posix.Kill);
            Thread.Sleep(Timeout.Infinite);
        }));

        Assert.Contains(new WorkerOutput(lost.Slot, IsError: false, "last words"), _lines);
        Assert.Contains(new WorkerOutput(lost.Slot, IsError: true, "last error"), _lines);
        Assert.Equal("last error", lost.StandardErrorTail);
    }

    [Spec]
    public async Task A_handler_of_output_that_throws_disturbs_nobody()
    {
        await using var pool = await ProcessPool.StartAsync(
            new ProcessPoolOptions { Processes = 1, Output = static _ => throw new InvalidOperationException("a broken handler") });

        for (var i = 0; i < 3; i++)
        {
            Assert.Equal(i, await pool.ApplyAsync(
                static (int i) =>
                {
                    Console.WriteLine(new string('x', 100_000));
                    return i;
                },
                i));
        }
    }

    [Spec]
    public async Task Reading_standard_input_in_a_function_finds_it_empty()
    {
        await using var pool = await ProcessPool.StartAsync(Options);

        Assert.Null(await pool.RunAsync(static () => Console.ReadLine()));
    }
}
