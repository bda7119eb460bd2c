using MultiProc.Sequences;

namespace MultiProc.Unit.Sequences;

public sealed class SequenceRunTests
{
    private readonly SequenceScene _scene = new();
    private readonly Numbers _numbers = new();

    [Fact]
    public async Task Nothing_is_read_before_the_first_result_is_asked_for()
    {
        _scene.AttachEager();
        await using var runs = _scene.Map(static (int n) => n, SequenceSource.Of(_numbers.Endless())).GetAsyncEnumerator(TestContext.Current.CancellationToken);
        Assert.Equal(0, _numbers.Read);

        Assert.True(await runs.MoveNextAsync());
        Assert.NotEqual(0, _numbers.Read);
    }

    [Theory]
    [InlineData(true, null, 100)]
    [InlineData(false, null, 100)]
    [InlineData(true, 7, 20)]
    [InlineData(true, 50, 3)]
    [InlineData(false, 1, 1)]
    public async Task The_source_is_never_read_further_ahead_than_allowed(bool inOrder, int? chunkSize, int buffered)
    {
        _scene.AttachEager();
        var yielded = 0L;
        var options = new MapOptions { MaxBuffered = buffered, ChunkSize = chunkSize };
        await foreach (var run in _scene.Map(static (int n) => n, SequenceSource.Of(_numbers.Endless()), inOrder, options))
        {
            Assert.InRange(_numbers.Read, 1, yielded + buffered);
            yielded += run.Values.Length;
            if (yielded > 1_000)
            {
                break;
            }
        }

        Assert.True(_numbers.IsDisposed);
    }

    [Fact]
    public async Task While_no_result_comes_the_source_waits()
    {
        _scene.Attach();
        var options = new MapOptions { MaxBuffered = 12, ChunkSize = 2 };
        var runs = _scene.Map(static (int n) => n, SequenceSource.Of(_numbers.Endless()), options: options).GetAsyncEnumerator(TestContext.Current.CancellationToken);
        var next = runs.MoveNextAsync().AsTask();

        Assert.False(next.IsCompleted);
        Assert.InRange(_numbers.Read, 2, 12);
        _scene.Dispatcher.FailAll(static () => new OperationCanceledException());
        await next;
        await runs.DisposeAsync();
    }

    [Fact]
    public async Task Results_come_in_the_order_of_the_source_though_they_end_in_another()
    {
        var slow = _scene.Attach(0);
        var quick = _scene.Attach(1);
        var all = SequenceScene.CollectAsync(_scene.Map(
            static (int n) => n * 10, SequenceSource.Of(Enumerable.Range(0, 4)), inOrder: true, new MapOptions { ChunkSize = 2 }));
        quick.CompleteAll();
        Assert.False(all.IsCompleted);
        slow.CompleteAll();

        Assert.Equal([(0, "0"), (1, "10"), (2, "20"), (3, "30")], await all);
    }

    [Fact]
    public async Task Unordered_results_come_as_they_end()
    {
        var slow = _scene.Attach(0);
        var quick = _scene.Attach(1);
        var all = SequenceScene.CollectAsync(_scene.Map(
            static (int n) => n * 10, SequenceSource.Of(Enumerable.Range(0, 4)), inOrder: false, new MapOptions { ChunkSize = 2 }));
        quick.CompleteAll();
        slow.CompleteAll();

        Assert.Equal([(2, "20"), (3, "30"), (0, "0"), (1, "10")], await all);
    }

    [Fact]
    public async Task A_failing_item_comes_in_its_place_and_stops_nothing()
    {
        _scene.AttachEager();
        var results = await SequenceScene.CollectAsync(_scene.Map(
            static (int n) => n == 2 ? throw new FormatException("two") : n, SequenceSource.Of(Enumerable.Range(0, 5)), options: new MapOptions { ChunkSize = 5 }));

        Assert.Equal([(0, "0"), (1, "1"), (2, "two"), (3, "3"), (4, "4")], results);
    }

    [Fact]
    public async Task A_result_that_cannot_be_read_fails_its_item_only()
    {
        var runner = _scene.AttachEager();
        var run = runner.Function!;
        var count = 0;
        runner.Function = (function, arguments) => count++ == 1 ? (default, new byte[] { 255 }) : run(function, arguments);
        var results = await SequenceScene.CollectAsync(_scene.Map(
            static (int n) => "n" + n, SequenceSource.Of(Enumerable.Range(0, 3)), options: new MapOptions { ChunkSize = 3 }));

        Assert.Equal([0L, 1, 2], results.Select(static result => result.Index));
        Assert.Equal(["n0", "n2"], [results[0].Result, results[2].Result]);
        Assert.StartsWith("The result of Tests.Function could not be read", results[1].Result, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_error_of_the_source_is_thrown_as_it_is_behind_the_results_before_it()
    {
        _scene.AttachEager();
        var results = new List<(long, string)>();
        var error = await Assert.ThrowsAsync<InvalidDataException>(async () =>
        {
            await foreach (var run in _scene.Map(static (int n) => n, SequenceSource.Of(Numbers.Failing(3)), options: new MapOptions { ChunkSize = 10 }))
            {
                results.AddRange(SequenceScene.Results(run));
            }
        });

        Assert.Equal("the source failed", error.Message);
        Assert.Contains(nameof(Numbers.Failing), error.StackTrace, StringComparison.Ordinal);
        Assert.Equal(3, results.Count);
    }

    [Fact]
    public async Task An_argument_that_cannot_cross_fails_its_item_only()
    {
        _scene.AttachEager();
        object[] source = ["a", Thread.CurrentThread, "b", Thread.CurrentThread];
        var results = await SequenceScene.CollectAsync(_scene.Map(
            static (object o) => o.ToString()!, SequenceSource.Of(source), options: new MapOptions { ChunkSize = 3 }));

        Assert.Equal([0L, 1, 2, 3], results.Select(static result => result.Index));
        Assert.Equal(["a", "b"], [results[0].Result, results[2].Result]);
        Assert.All([results[1], results[3]], static refused => Assert.StartsWith("arg cannot cross", refused.Result, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Progress_counts_what_has_ended_of_what_there_is()
    {
        _scene.AttachEager();
        var progress = new Reports();
        await SequenceScene.CollectAsync(_scene.Map(
            static (int n) => n, SequenceSource.Of(new int[3]), options: new MapOptions { ChunkSize = 2, Progress = progress }));

        Assert.Equal([new MapProgress(1, 3), new MapProgress(2, 3), new MapProgress(3, 3)], progress);
    }

    private sealed class Reports : List<MapProgress>, IProgress<MapProgress>
    {
        public void Report(MapProgress value) => Add(value);
    }
}
