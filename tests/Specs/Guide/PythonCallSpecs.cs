using static MultiProc.Specs.Guide.Functions;

namespace MultiProc.Specs.Guide;

/// <summary>The guide's calls that Python has, too.</summary>
public sealed class PythonCallSpecs(TwoWorkers workers) : SharedPoolSpec(workers), IClassFixture<TwoWorkers>
{
    [Spec]
    public async Task The_first_example_squares_ten_numbers()
    {
        // <first>
        await using var pool = await ProcessPool.StartAsync(4);
        int[] squares = await pool.MapAsync(Square, Enumerable.Range(0, 10));   // 0, 1, 4, ... 81
        // </first>

        Assert.Equal([0, 1, 4, 9, 16, 25, 36, 49, 64, 81], squares);
    }

    [Spec]
    public async Task A_function_is_applied()
    {
        var pool = Pool;

        // <apply>
        int blocking = pool.Apply(Power, 2, 10);              // 1024
        int awaited = await pool.ApplyAsync(Power, 2, 10);    // 1024
        // </apply>

        Assert.Equal((1024, 1024), (blocking, awaited));
    }

    [Spec]
    public async Task A_call_is_a_task()
    {
        var pool = Pool;
        List<int> results = [];

        // <async-result>
        Task<int> call = pool.ApplyAsync(Square, 7);
        try
        {
            results.Add(await call.WaitAsync(TimeSpan.FromSeconds(30)));
        }
        catch (OverflowException exception)
        {
            Console.Error.WriteLine(exception);
        }
        // </async-result>

        Assert.Equal([49], results);
    }

    [Spec]
    public async Task A_sequence_is_mapped()
    {
        var pool = Pool;

        // <map>
        int[] blocking = pool.Map(Square, [1, 2, 3]);         // 1, 4, 9
        int[] awaited = await pool.MapAsync(Square, [1, 2, 3]);
        int[] chunked = await pool.MapAsync(Square, Enumerable.Range(0, 1000), new MapOptions { ChunkSize = 100 });
        // </map>

        Assert.Equal([1, 4, 9], blocking);
        Assert.Equal([1, 4, 9], awaited);
        Assert.Equal(Enumerable.Range(0, 1000).Select(Square), chunked);
    }

    [Spec]
    public async Task Tuples_are_spread_over_parameters()
    {
        var pool = Pool;

        // <starmap>
        int[] blocking = pool.StarMap(Power, [(2, 3), (3, 2)]);   // 8, 9
        int[] awaited = await pool.StarMapAsync(Power, [(2, 3), (3, 2)]);
        // </starmap>

        Assert.Equal([8, 9], blocking);
        Assert.Equal([8, 9], awaited);
    }

    [Spec]
    public async Task Results_are_streamed_in_order()
    {
        var pool = Pool;
        List<int> seen = [];

        // <imap>
        await foreach (int square in pool.MapStreamAsync(Square, Enumerable.Range(0, 5)))
        {
            seen.Add(square);   // 0, 1, 4, 9, 16
        }
        // </imap>

        Assert.Equal([0, 1, 4, 9, 16], seen);
    }

    [Spec]
    public async Task Results_are_streamed_as_they_come()
    {
        var pool = Pool;
        List<int> seen = [];

        // <imap-unordered>
        await foreach (int square in pool.MapStreamUnorderedAsync(Square, Enumerable.Range(0, 5)))
        {
            seen.Add(square);   // the same, first come first
        }
        // </imap-unordered>

        Assert.Equal([0, 1, 4, 9, 16], seen.Order());
    }

    [Spec]
    public async Task An_exception_of_the_function_is_caught_as_what_it_is()
    {
        var pool = Pool;
        var told = "";

        // <exception>
        try
        {
            await pool.MapAsync(x => 10 / x, [5, 2, 0, 1]);
        }
        catch (DivideByZeroException exception)
        {
            told = $"item {exception.Data["Index"]} failed: {exception}";   // with the worker's stack trace
        }
        // </exception>

        Assert.StartsWith("item 2 failed: System.DivideByZeroException", told, StringComparison.Ordinal);
        Assert.Contains(nameof(PythonCallSpecs), told, StringComparison.Ordinal);
    }
}
