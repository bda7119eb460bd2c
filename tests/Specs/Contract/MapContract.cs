namespace MultiProc.Specs.Contract;

/// <summary>Maps whose result is an array, and their settled and blocking forms.</summary>
public abstract class MapContract(SharedPool shared) : SharedPoolSpec(shared)
{
    [SpecTheory]
    [InlineData(0, null)]
    [InlineData(0, 1)]
    [InlineData(1, null)]
    [InlineData(10, null)]
    [InlineData(10, 3)]
    [InlineData(100, 20)]
    [InlineData(100, 1_000)]
    [InlineData(1_000, 1)]
    [InlineData(20_000, null)]
    public async Task Results_come_in_the_order_of_the_source(int items, int? chunkSize)
    {
        var options = new MapOptions { ChunkSize = chunkSize };

        Assert.Equal(Enumerable.Range(0, items).Select(static x => x * 2), await Pool.MapAsync(static (int x) => x * 2, Enumerable.Range(0, items), options));
        Assert.Equal(Enumerable.Range(0, items).Select(static x => x * 2), await Pool.MapAsync(static (int x) => x * 2, Lazy(items), options));
    }

    [Spec]
    public async Task Functions_may_be_async_or_return_nothing()
    {
        using var scratch = new Scratch();
        var ran = scratch.Journal();
        Task<int[]> later = Pool.MapAsync(static async (int x) => await Later(x), [1, 2]);
        Task<int[]> valueTasks = Pool.MapAsync(static (int x) => ValueTask.FromResult(x), [3, 4]);

        Assert.Equal((int[])[1, 2], await later);
        Assert.Equal((int[])[3, 4], await valueTasks);
        await Pool.MapAsync((int x) => ran.Add(x), [5]);
        await Pool.MapAsync(async (int x) => ran.Add(await Later(x)), [6]);
        Assert.Equal([7, 8], Pool.Map(static (int x) => x, [7, 8]));
        Assert.Equal([9], Pool.Map(static async (int x) => await Later(x), [9]));
        Pool.Map((int x) => ran.Add(x), [10]);
        Assert.Equal(["5", "6", "10"], ran.Lines());
    }

    [Spec]
    public async Task Star_maps_unpack_tuples_of_two_to_four()
    {
        using var scratch = new Scratch();
        var ran = scratch.Journal();
        (int, int)[] pairs = [.. Enumerable.Range(0, 100).Select(static x => (x, 2 * x))];

        Assert.Equal(pairs.Select(static pair => pair.Item1 + pair.Item2), await Pool.StarMapAsync(static (int a, int b) => a + b, pairs));
        Assert.Equal(pairs.Select(static pair => pair.Item1 + pair.Item2), await Pool.StarMapAsync(static (int a, int b) => a + b, pairs, new MapOptions { ChunkSize = 30 }));
        Assert.Equal(["1x2"], await Pool.StarMapAsync(static (int a, char b, long c) => $"{a}{b}{c}", [(1, 'x', 2L)]));
        Assert.Equal(["1x2y"], await Pool.StarMapAsync(static async (int a, char b, long c, string d) => $"{await Later(a)}{b}{c}{d}", [(1, 'x', 2L, "y")]));
        await Pool.StarMapAsync((int a, int b) => ran.Add(a * b), [(2, 3)]);
        Assert.Equal([5], Pool.StarMap(static (int a, int b) => a + b, [(2, 3)]));
        Assert.Equal(["6"], ran.Lines());
    }

    [Spec]
    public async Task The_first_failure_is_thrown_with_the_index_of_its_item()
    {
        var failure = await Assert.ThrowsAsync<FormatException>(() => Pool.MapAsync(ExceptSeven, Enumerable.Range(0, 20)));

        Assert.Equal(("item 7", 7L), (failure.Message, failure.Data["Index"]));
        Assert.Equal(7L, Assert.Throws<FormatException>(() => Pool.Map(ExceptSeven, Enumerable.Range(0, 20))).Data["Index"]);
    }

    [Spec]
    public async Task A_failure_stops_the_rest()
    {
        using var scratch = new Scratch();
        var ran = scratch.Journal();

        await Assert.ThrowsAsync<FormatException>(() => Pool.MapAsync(
            (int x) =>
            {
                ran.Add(x);
                Thread.Sleep(2);
                return x == 0 ? throw new FormatException() : x;
            },
            Enumerable.Range(0, 10_000)));

        await Eventually.TrueAsync(() => Pool.Statistics is { Queued: 0, Busy: 0 });
        Assert.InRange(ran.Lines().Length, 1, 1_000);
    }

    [SpecTheory]
    [InlineData(0)]
    [InlineData(3)]
    [InlineData(10)]
    public async Task The_sources_own_exception_comes_as_it_is(int position)
    {
        for (var twice = 0; twice < 2; twice++)
        {
            var source = await Assert.ThrowsAsync<DriveNotFoundException>(() => Pool.MapAsync(static (int x) => x, Failing(position)));

            Assert.Equal("the source failed", source.Message);
            Assert.Empty(source.Data);
        }

        Assert.Throws<DriveNotFoundException>(() => Pool.Map(static (int x) => x, Failing(position)));
    }

    [Spec]
    public async Task A_settled_map_keeps_the_ninety_seven_good_results_of_a_hundred()
    {
        var outcomes = await Pool.MapSettledAsync(static (int x) => x is 3 or 50 or 99 ? throw new FormatException($"item {x}") : x * 2, Enumerable.Range(0, 100));

        Assert.Equal(97, outcomes.Count(static outcome => outcome.IsSuccess));
        Assert.All(outcomes.Index(), static outcome =>
        {
            if (outcome.Index is 3 or 50 or 99)
            {
                Assert.Equal($"item {outcome.Index}", Assert.IsType<FormatException>(outcome.Item.Error).Message);
            }
            else
            {
                Assert.Equal((outcome.Index * 2, null), (outcome.Item.Value, outcome.Item.Error));
            }
        });
    }

    [Spec]
    public async Task An_item_that_cannot_be_copied_ends_like_one_whose_function_threw()
    {
        using var stream = new BufferedStream(Stream.Null);
        object[] items = [1, stream, "three", stream];
        var results = new List<string>();

        var outcomes = await Pool.MapSettledAsync(static (object item) => item.GetType().Name, items);
        var failure = await Assert.ThrowsAsync<NotSerializableException>(async () =>
        {
            await foreach (var result in Pool.MapStreamAsync(static (object item) => item.GetType().Name, items))
            {
                results.Add(result);
            }
        });

        Assert.Equal(["Int32", null, "String", null], outcomes.Select(static outcome => outcome.Value));
        Assert.Equal("arg", Assert.IsType<NotSerializableException>(outcomes[1].Error).Path);
        Assert.Equal(["Int32"], results);
        Assert.Equal(1L, failure.Data["Index"]);
    }

    [Spec]
    public async Task A_failure_that_takes_no_index_is_thrown_without()
    {
        await Assert.ThrowsAsync<Closed>(() => Pool.MapAsync(static int (int _) => throw new Closed(), [1]));
    }

    [Spec]
    public async Task Progress_counts_up_to_the_end()
    {
        var reports = new List<MapProgress>();

        await Pool.MapAsync(static (int x) => x, Enumerable.Range(0, 1_000).ToArray(), new MapOptions { Progress = new Into(reports) });

        Assert.Equal(new MapProgress(1_000, 1_000), reports[^1]);
        Assert.Equal(reports.Select(static report => report.Completed).Order().Distinct(), reports.Select(static report => report.Completed));
        Assert.All(reports, static report => Assert.Equal(1_000, report.Total));
    }

    [Spec]
    public async Task Nulls_and_options_out_of_range_are_refused_by_the_call_itself()
    {
        MapOptions[] wrong =
        [
            new() { ChunkSize = 0 }, new() { ChunkSize = -1 }, new() { MaxAttempts = 0 }, new() { MaxBuffered = 0 }, new() { Timeout = TimeSpan.Zero },
        ];

        Assert.All(wrong, options => Assert.ThrowsAny<ArgumentException>(() => { _ = Pool.MapAsync(static (int x) => x, [1], options); }));
        Assert.All(wrong, options => Assert.ThrowsAny<ArgumentException>(() => Pool.Map(static (int x) => x, [1], options)));
        Assert.All(wrong, options => Assert.ThrowsAny<ArgumentException>(() => { _ = Pool.StarMapAsync(static (int x, int y) => x, [(1, 2)], options); }));
        Assert.All(wrong, options => Assert.ThrowsAny<ArgumentException>(() => { _ = Pool.MapStreamAsync(static (int x) => x, [1], options); }));
        Assert.All(wrong, options => Assert.ThrowsAny<ArgumentException>(() => { _ = Pool.MapSettledAsync(static (int x) => x, [1], options); }));
        Assert.All(wrong, options => Assert.ThrowsAny<ArgumentException>(() => { _ = Pool.MapReduceAsync(static (int x) => x, static (a, b) => a, [1], options); }));
        Assert.Throws<ArgumentNullException>(() => { _ = Pool.MapAsync((Func<int, int>)null!, [1]); });
        Assert.Throws<ArgumentNullException>(() => { _ = Pool.MapAsync(static (int x) => x, (IEnumerable<int>)null!); });
        Assert.Throws<ArgumentNullException>(() => { _ = Pool.StarMapAsync(static (int x, int y) => x, (IEnumerable<(int, int)>)null!); });
        Assert.Throws<ArgumentNullException>(() => { _ = Pool.MapStreamAsync(static (int x) => x, (IEnumerable<int>)null!); });
        Assert.Throws<ArgumentNullException>(() => { _ = Pool.MapStreamUnorderedAsync(static (int x) => x, (IAsyncEnumerable<int>)null!); });
        Assert.Throws<ArgumentNullException>(() => { _ = Pool.MapReduceAsync(static (int x) => x, (Func<int, int, int>)null!, [1]); });
        await Task.CompletedTask;
    }

    [Spec]
    public async Task A_cancelled_map_ends_with_its_token_and_leaves_nothing_running()
    {
        using var scratch = new Scratch();
        var begun = scratch.Mark("begun");
        using var cancellation = new CancellationTokenSource();
        var map = Pool.MapAsync(
            (int x) =>
            {
                begun.Set();
                Thread.Sleep(5);
                return x;
            },
            Enumerable.Range(0, 10_000), cancellationToken: cancellation.Token);
        await begun.WaitAsync();

        await cancellation.CancelAsync();

        var exception = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => map);
        Assert.Equal(cancellation.Token, exception.CancellationToken);
    }

    private static int ExceptSeven(int x) => x == 7 ? throw new FormatException("item 7") : x;

    private static async Task<int> Later(int value)
    {
        await Task.Delay(5);
        return value;
    }

    private static IEnumerable<int> Lazy(int count)
    {
        for (var i = 0; i < count; i++)
        {
            yield return i;
        }
    }

    private static IEnumerable<int> Failing(int position)
    {
        for (var i = 0; i < position; i++)
        {
            yield return i;
        }

        throw new DriveNotFoundException("the source failed");
    }

    private sealed class Closed : Exception
    {
        public override System.Collections.IDictionary Data => throw new InvalidOperationException("It has no data.");
    }

    private sealed class Into(List<MapProgress> reports) : IProgress<MapProgress>
    {
        public void Report(MapProgress value) => reports.Add(value);
    }
}

public sealed class MapsInWorkers(TwoWorkers shared) : MapContract(shared), IClassFixture<TwoWorkers>;

public sealed class MapsInThisProcess(NoWorkers shared) : MapContract(shared), IClassFixture<NoWorkers>;
