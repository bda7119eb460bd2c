using MultiProc.Sequences;

namespace MultiProc.Unit.Sequences;

public sealed class SequenceEndTests
{
    private static readonly TimeSpan MaxWait = TimeSpan.FromSeconds(20);

    private readonly SequenceScene _scene = new();
    private readonly Numbers _numbers = new();

    [Fact]
    public async Task Leaving_early_disposes_the_source_and_leaves_nothing_running()
    {
        var runner = _scene.Attach();
        var runs = _scene.Map(static (int n) => n, SequenceSource.Of(_numbers.Endless()), options: new MapOptions { ChunkSize = 3 })
            .GetAsyncEnumerator(TestContext.Current.CancellationToken);
        var first = runs.MoveNextAsync();
        runner.Complete();
        Assert.True(await first);
        await runs.DisposeAsync();

        Assert.True(_numbers.IsDisposed);
        Assert.True(runner.IsTokenSignalled);
        runner.CompleteAll();
        _scene.Dispatcher.Close();
        Assert.True(_scene.Dispatcher.Drained.IsCompleted);
    }

    [Fact]
    public async Task Cancelling_ends_the_map_at_once_with_the_callers_token()
    {
        var runner = _scene.Attach();
        using var cancellation = new CancellationTokenSource();
        var all = SequenceScene.CollectAsync(_scene.Map(
            static (int n) => n, SequenceSource.Of(_numbers.Endless()), cancellation: cancellation));
        runner.Begin();
        await cancellation.CancelAsync();

        var error = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => all.WaitAsync(MaxWait, TestContext.Current.CancellationToken));
        Assert.Equal(cancellation.Token, error.CancellationToken);
        Assert.True(_numbers.IsDisposed);
        Assert.True(runner.IsTokenSignalled);
    }

    [Fact]
    public async Task What_a_slow_source_has_brought_is_run_without_waiting_for_more()
    {
        _scene.AttachEager();
        await using var runs = _scene.Map(static (int n) => n * 2, SequenceSource.Of(_numbers.Late()), options: new MapOptions { ChunkSize = 100 })
            .GetAsyncEnumerator(TestContext.Current.CancellationToken);
        for (var i = 0; i < 3; i++)
        {
            var next = runs.MoveNextAsync().AsTask();
            Assert.False(next.IsCompleted);
            _numbers.Bring(i);
            Assert.True(await next.WaitAsync(MaxWait, TestContext.Current.CancellationToken));
            Assert.Equal([i * 2], runs.Current.Values.ToArray());
        }

        _numbers.End();
        Assert.False(await runs.MoveNextAsync().AsTask().WaitAsync(MaxWait, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Leaving_while_a_slow_source_is_asked_signals_its_token_and_disposes_it()
    {
        _scene.AttachEager();
        _numbers.Bring(1);
        var runs = _scene.Map(static (int n) => n, SequenceSource.Of(_numbers.Late())).GetAsyncEnumerator(TestContext.Current.CancellationToken);
        Assert.True(await runs.MoveNextAsync().AsTask().WaitAsync(MaxWait, TestContext.Current.CancellationToken));
        await runs.DisposeAsync().AsTask().WaitAsync(MaxWait, TestContext.Current.CancellationToken);

        await _numbers.Disposed.WaitAsync(MaxWait, TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task A_source_that_is_deaf_to_its_token_holds_nobody_up_and_is_disposed_when_it_answers()
    {
        _scene.AttachEager();
        using var cancellation = new CancellationTokenSource();
        var all = SequenceScene.CollectAsync(_scene.Map(
            static (int n) => n, SequenceSource.Of(_numbers.LateAndDeaf()), cancellation: cancellation));
        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => all.WaitAsync(MaxWait, TestContext.Current.CancellationToken));
        Assert.False(_numbers.IsDisposed);

        _numbers.Bring(1);
        await _numbers.Disposed.WaitAsync(MaxWait, TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task Termination_ends_a_map_that_waits_for_its_source()
    {
        _scene.AttachEager();
        var all = SequenceScene.CollectAsync(_scene.Map(static (int n) => n, SequenceSource.Of(_numbers.Late())));
        _scene.Dispatcher.Close();
        _scene.Dispatcher.FailAll(static () => new OperationCanceledException());

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => all.WaitAsync(MaxWait, TestContext.Current.CancellationToken));
        Assert.True(_scene.Dispatcher.Drained.IsCompleted);
    }

    [Fact]
    public async Task A_map_begun_before_closing_runs_to_its_end()
    {
        _scene.AttachEager();
        var all = SequenceScene.CollectAsync(_scene.Map(static (int n) => n, SequenceSource.Of(_numbers.Late())));
        _scene.Dispatcher.Close();
        _numbers.Bring(5);
        _numbers.End();

        Assert.Equal([(0L, "5")], await all.WaitAsync(MaxWait, TestContext.Current.CancellationToken));
        await _scene.Dispatcher.Drained.WaitAsync(MaxWait, TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task A_map_begun_after_closing_is_refused()
    {
        _scene.Dispatcher.Close();

        await Assert.ThrowsAsync<InvalidOperationException>(
            () => SequenceScene.CollectAsync(_scene.Map(static (int n) => n, SequenceSource.Of(_numbers.Endless()))));
    }
}
