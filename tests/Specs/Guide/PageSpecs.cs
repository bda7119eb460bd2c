using System.Globalization;
using static MultiProc.Specs.Guide.Functions;

namespace MultiProc.Specs.Guide;

/// <summary>What the pages named after questions show.</summary>
public sealed class PageSpecs : PoolSpec
{
    [Spec]
    public async Task Starting()
    {
        // <page-options>
        var options = new ProcessPoolOptions
        {
            Processes = 4,
            TaskTimeout = TimeSpan.FromSeconds(30),    // of calls that set none
            MaxTasksPerWorker = 1_000,                 // then a fresh process takes the slot
            StandbyWorkers = 1,                        // started already when a worker is lost
        }.WithInitializer(culture => CultureInfo.CurrentCulture = new CultureInfo(culture), "de-DE");

        await using var pool = await ProcessPool.StartAsync(options);
        // </page-options>

        Assert.Equal("3,5", await pool.RunAsync(static () => 3.5.ToString()));
    }

    [Spec]
    public async Task Cancelling_and_timeouts()
    {
        await using var pool = await ProcessPool.StartAsync(2);

        // <page-token>
        using var stop = new CancellationTokenSource();
        Task<int> counting = pool.RunAsync(token =>
        {
            var count = 0;
            while (!token.IsCancellationRequested)    // signalled when the caller cancels, and at the time limit
            {
                count++;
            }

            return count;
        }, cancellationToken: stop.Token);

        stop.Cancel();    // counting ends at once, as cancelled; the function has the grace period to look up
        // </page-token>

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => counting);
        var text = "";

        // <page-limit>
        try
        {
            await pool.RunAsync(() => { while (true) { } }, new CallOptions { Timeout = TimeSpan.FromMilliseconds(100) });
        }
        catch (CallTimeoutException late)
        {
            text = $"{late.Timeout.TotalMilliseconds} ms are over: {late.Function}";
        }
        // </page-limit>

        Assert.StartsWith("100 ms are over: ", text, StringComparison.Ordinal);
    }

    [Spec]
    public async Task Streaming()
    {
        await using var pool = await ProcessPool.StartAsync(2);
        var sum = 0;

        // <page-stream>
        IEnumerable<int> endless = Enumerable.InfiniteSequence(0, 1);    // never read further ahead than MaxBuffered
        await foreach (int square in pool.MapStreamAsync(Square, endless, new MapOptions { MaxBuffered = 32 }))
        {
            sum += square;
            if (square > 50)
            {
                break;    // what is still under way is stopped
            }
        }
        // </page-stream>

        Assert.Equal(204, sum);
    }

    [Spec]
    public async Task Coming_from_Task_Run()
    {
        await using var pool = await ProcessPool.StartAsync(1);
        var (width, height) = (3, 4);

        // <page-task-run>
        int area = await pool.RunAsync(() => width * height);    // was: await Task.Run(() => width * height)
        // </page-task-run>

        // <page-by-value>
        var numbers = new List<int> { 1, 2, 3 };
        await pool.RunAsync(() => numbers.Add(4));                       // adds to the worker's copy
        numbers = await pool.RunAsync(() => { numbers.Add(4); return numbers; });    // so return what has changed
        // </page-by-value>

        Assert.Equal((12, 4), (area, numbers.Count));
    }

    [Spec]
    public async Task Coming_from_Parallel()
    {
        await using var pool = await ProcessPool.StartAsync(2);
        int[] source = [1, 2, 3];
        var seen = new List<int>();

        // <page-parallel>
        await pool.MapAsync(number => { Console.Write(number); }, source);    // was: Parallel.ForEach(source, number => ...)

        await foreach (int square in pool.MapStreamUnorderedAsync(Square, source))
        {
            seen.Add(square);    // here, one after another: no lock, no concurrent collection
        }

        int total = await pool.MapReduceAsync(Square, (left, right) => left + right, source);    // was: a thread-local sum and Interlocked.Add
        // </page-parallel>

        Assert.Equal([1, 4, 9], seen.Order());
        Assert.Equal(14, total);
    }
}
