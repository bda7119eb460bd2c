namespace MultiProc.Specs.Contract;

/// <summary>Streams: lazy on both ends, ordered or not, with errors at their place.</summary>
public abstract class StreamContract(SharedPool shared) : SharedPoolSpec(shared)
{
    [Spec]
    public async Task Ordered_streams_keep_the_order_and_unordered_ones_the_items()
    {
        foreach (int? chunkSize in (int?[])[null, 1, 7, 100])
        {
            var options = new MapOptions { ChunkSize = chunkSize };
            var ordered = await Pool.MapStreamAsync(static (int x) => x * 2, Enumerable.Range(0, 1_000), options).ToListAsync();
            var unordered = await Pool.MapStreamUnorderedAsync(static (int x) => x * 2, Enumerable.Range(0, 1_000), options).ToListAsync();

            Assert.Equal(Enumerable.Range(0, 1_000).Select(static x => x * 2), ordered);
            Assert.Equal(ordered, unordered.Order());
            Assert.Empty(await Pool.MapStreamAsync(static (int x) => x, Array.Empty<int>(), options).ToListAsync());
            Assert.Empty(await Pool.MapStreamUnorderedAsync(static (int x) => x, Array.Empty<int>(), options).ToListAsync());
        }
    }

    [Spec]
    public async Task Sources_may_be_async_and_functions_too()
    {
        Assert.Equal([0, 1, 2], await Pool.MapStreamAsync(static async (int x) => await Later(x), SlowSource(3)).ToListAsync());
        Assert.Equal([0, 1, 2], await Pool.MapStreamUnorderedAsync(static (int x) => x, SlowSource(3)).Order().ToListAsync());
        Assert.Equal([0, 1], await Pool.MapStreamAsync(static (int x) => ValueTask.FromResult(x), [0, 1]).ToListAsync());
        Assert.Empty(await Pool.MapStreamAsync(static (int x) => x, Array.Empty<int>()).ToListAsync());
        Assert.Empty(await Pool.MapStreamUnorderedAsync(static (int x) => x, SlowSource(0)).ToListAsync());
    }

    [Spec]
    public async Task A_slow_source_holds_no_result_back()
    {
        var go = new TaskCompletionSource();
        async IAsyncEnumerable<int> Source()
        {
            yield return 1;
            await go.Task;
            yield return 2;
        }

        await using var results = Pool.MapStreamAsync(static (int x) => x, Source()).GetAsyncEnumerator();
        Assert.True(await results.MoveNextAsync());
        Assert.Equal(1, results.Current);
        go.SetResult();
        Assert.True(await results.MoveNextAsync());
        Assert.Equal(2, results.Current);
        Assert.False(await results.MoveNextAsync());
    }

    [SpecTheory]
    [InlineData(1, true)]
    [InlineData(1, false)]
    [InlineData(10, true)]
    [InlineData(10, false)]
    [InlineData(100, true)]
    [InlineData(100, false)]
    public async Task An_endless_source_is_read_no_further_ahead_than_MaxBuffered(int maxBuffered, bool inOrder)
    {
        var source = new Counting();
        var options = new MapOptions { MaxBuffered = maxBuffered };
        var stream = inOrder ? Pool.MapStreamAsync(static (int x) => x, source.Endless(), options)
            : Pool.MapStreamUnorderedAsync(static (int x) => x, source.Endless(), options);
        var consumed = 0;

        await foreach (var result in stream)
        {
            Assert.InRange(source.Pulled, consumed + 1, consumed + maxBuffered);
            consumed++;
            if (consumed == 300)
            {
                break;
            }
        }

        Assert.True(source.IsDisposed);
        Assert.InRange(source.Pulled, 300, 300 + maxBuffered);
    }

    [Spec]
    public async Task Nothing_is_read_before_the_first_result_is_asked_for()
    {
        var source = new Counting();
        await using var results = Pool.MapStreamAsync(static (int x) => x, source.Endless()).GetAsyncEnumerator();

        await Task.Delay(50);
        Assert.Equal(0, source.Pulled);

        Assert.True(await results.MoveNextAsync());
        Assert.True(source.Pulled >= 1);
    }

    [Spec]
    public async Task A_failure_of_the_function_comes_behind_the_results_before_it()
    {
        var results = new List<int>();
        var failure = await Assert.ThrowsAsync<FormatException>(async () =>
        {
            await foreach (var result in Pool.MapStreamAsync(ExceptSeven, Enumerable.Range(0, 100)))
            {
                results.Add(result);
            }
        });

        Assert.Equal(Enumerable.Range(0, 7), results);
        Assert.Equal(7L, failure.Data["Index"]);
    }

    [SpecTheory]
    [InlineData(0)]
    [InlineData(3)]
    [InlineData(10)]
    public async Task The_sources_own_exception_comes_as_it_is_behind_the_results_before_it(int position)
    {
        foreach (var chunkSize in (int?[])[null, 1, 4])
        {
            var (ordered, unordered) = (new List<int>(), new List<int>());
            var options = new MapOptions { ChunkSize = chunkSize };

            await Assert.ThrowsAsync<DriveNotFoundException>(async () => await CollectAsync(Pool.MapStreamAsync(static (int x) => x, Failing(position), options), ordered));
            await Assert.ThrowsAsync<DriveNotFoundException>(
                async () => await CollectAsync(Pool.MapStreamUnorderedAsync(static (int x) => x, Failing(position), options), unordered));

            Assert.Equal(Enumerable.Range(0, position), ordered);
            Assert.Equal(Enumerable.Range(0, position), unordered.Order());
        }
    }

    [Spec]
    public async Task A_settled_stream_goes_on_behind_a_failure()
    {
        var outcomes = await Pool.MapSettledStreamAsync(ExceptSeven, Enumerable.Range(0, 20)).ToListAsync();
        var unordered = await Pool.MapSettledStreamUnorderedAsync(ExceptSeven, Enumerable.Range(0, 20)).ToListAsync();

        Assert.Equal(Enumerable.Range(0, 20).Select(static x => x != 7), outcomes.Select(static outcome => outcome.IsSuccess));
        Assert.Equal(19, unordered.Count(static outcome => outcome.IsSuccess));
    }

    [Spec]
    public async Task An_abandoned_stream_leaves_nothing_running()
    {
        await foreach (var _ in Pool.MapStreamAsync(
            static (int x) =>
            {
                Thread.Sleep(20);
                return x;
            },
            Enumerable.Range(0, 1_000)))
        {
            break;
        }

        await Eventually.TrueWithinAsync(TimeSpan.FromSeconds(2), () => Pool.Statistics is { Queued: 0, Busy: 0 });
    }

    [Spec]
    public async Task A_stream_is_cancelled_by_the_token_of_its_enumeration_too()
    {
        using var cancellation = new CancellationTokenSource();

        var exception = await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
        {
            await foreach (var result in Pool.MapStreamAsync(static (int x) => x, new Counting().Endless()).WithCancellation(cancellation.Token))
            {
                if (result == 50)
                {
                    await cancellation.CancelAsync();
                }
            }
        });

        Assert.True(exception.CancellationToken.IsCancellationRequested);
    }

    private static async Task CollectAsync(IAsyncEnumerable<int> stream, List<int> results)
    {
        await foreach (var result in stream)
        {
            results.Add(result);
        }
    }

    private static int ExceptSeven(int x) => x == 7 ? throw new FormatException("item 7") : x;

    private static async Task<int> Later(int value)
    {
        await Task.Delay(2);
        return value;
    }

    private static async IAsyncEnumerable<int> SlowSource(int count)
    {
        for (var i = 0; i < count; i++)
        {
            await Task.Delay(2);
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

    private sealed class Counting
    {
        private int _pulled;

        public int Pulled => Volatile.Read(ref _pulled);

        public bool IsDisposed { get; private set; }

        public IEnumerable<int> Endless()
        {
            try
            {
                while (true)
                {
                    yield return Interlocked.Increment(ref _pulled) - 1;
                }
            }
            finally
            {
                IsDisposed = true;
            }
        }
    }
}

public sealed class StreamsInWorkers(TwoWorkers shared) : StreamContract(shared), IClassFixture<TwoWorkers>;

public sealed class StreamsInThisProcess(NoWorkers shared) : StreamContract(shared), IClassFixture<NoWorkers>;
