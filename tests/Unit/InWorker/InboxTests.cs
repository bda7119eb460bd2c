using System.Threading.Channels;
using MultiProc.Protocol.Messages;
using MultiProc.Protocol.Rpc;
using MultiProc.Protocol.Status;
using MultiProc.Unit.Wire;
using MultiProc.Worker.Calls;

namespace MultiProc.Unit.InWorker;

public sealed class InboxTests : IAsyncLifetime
{
    private readonly WorkerLinkPair _pair = new();
    private readonly StatusPage _page = StatusPage.Create();
    private readonly Channel<ResultRecord> _records = Channel.CreateUnbounded<ResultRecord>();
    private readonly RpcLink _host;
    private readonly Outbox _outbox;
    private readonly Inbox _inbox;

    public InboxTests()
    {
        _host = _pair.LinkHost();
        _host.On(Methods.Done, (ReadOnlyMemory<byte> block) =>
        {
            foreach (var record in ResultRecord.ReadAll(block.ToArray()))
            {
                _records.Writer.TryWrite(record);
            }
        });
        _outbox = new Outbox(_page, _pair.Link);
        _inbox = new Inbox(_outbox, _page);
    }

    public ValueTask InitializeAsync()
    {
        _host.Start();
        return default;
    }

    public async ValueTask DisposeAsync()
    {
        _inbox.Dispose();
        _outbox.Dispose();
        await _host.DisposeAsync();
        await _pair.DisposeAsync();
        _page.Dispose();
    }

    [Fact]
    public async Task What_is_recalled_goes_back_while_the_call_in_front_of_it_still_runs()
    {
        _inbox.Add([Unit(1), Unit(2), Unit(3)]);
        Assert.True(_inbox.Take()!.TryBegin(0));
        _inbox.Recall([2, 3]);

        Assert.Equal([(2L, 0, 1), (3L, 0, 1)], [await ReturnedAsync(), await ReturnedAsync()]);
        Assert.True(_inbox.IsEmpty);
    }

    [Fact]
    public async Task Of_a_running_chunk_what_has_not_begun_goes_back_and_does_not_begin()
    {
        _inbox.Add([Unit(1, count: 10)]);
        var job = _inbox.Take()!;
        Assert.True(job.TryBegin(0));
        Assert.True(job.TryBegin(1));
        _inbox.Recall([1]);

        Assert.Equal((1L, 2, 8), await ReturnedAsync());
        Assert.False(job.TryBegin(2));
    }

    [Fact]
    public async Task A_call_that_was_taken_but_has_not_begun_goes_back_whole()
    {
        _inbox.Add([Unit(1, count: 3)]);
        var job = _inbox.Take()!;
        _inbox.Recall([1]);

        Assert.Equal((1L, 0, 3), await ReturnedAsync());
        Assert.False(job.TryBegin(0));
    }

    [Fact]
    public async Task A_call_is_passed_over_only_once_its_return_is_in_the_journal()
    {
        // Something is being sent, and gets stuck: meanwhile nothing can be added to the journal.
        using var pipe = new StuckStream();
        using var outbox = new Outbox(_page, new WorkerLink(pipe, arguments: null, static _ => { }));
        using var inbox = new Inbox(outbox, _page);
        inbox.Add([Unit(1)]);
        var job = inbox.Take()!;
        outbox.Add(7, 0, RecordKind.Values, new byte[1], AfterResult.Flush);
        var sending = Task.Run(outbox.Flush, TestContext.Current.CancellationToken);
        await pipe.IsWriting.WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken);

        var recalling = Task.Run(() => inbox.Recall([1]), TestContext.Current.CancellationToken);
        await Task.Delay(TimeSpan.FromMilliseconds(100), TestContext.Current.CancellationToken);
        var beginning = Task.Run(() => job.TryBegin(0), TestContext.Current.CancellationToken);
        await Task.WhenAny(beginning, Task.Delay(TimeSpan.FromMilliseconds(200), TestContext.Current.CancellationToken));
        var isPassedOver = beginning is { IsCompletedSuccessfully: true, Result: false };
        pipe.Release();

        Assert.False(isPassedOver);
        await Task.WhenAll(sending, recalling, beginning).WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task What_was_recalled_is_given_back_once()
    {
        _inbox.Add([Unit(1, count: 3), Unit(2)]);
        Assert.True(_inbox.Take()!.TryBegin(0));
        _inbox.Recall([1]);
        _inbox.Recall([1]);
        _inbox.Cancel(1, item: -1, token: 0);
        _inbox.Recall([2]);

        Assert.Equal([(1L, 1, 2), (2L, 0, 1)], [await ReturnedAsync(), await ReturnedAsync()]);
    }

    [Fact]
    public async Task Cancelling_a_chunk_signals_the_running_item_and_gives_the_rest_back()
    {
        _inbox.Add([Unit(1, count: 3)]);
        var job = _inbox.Take()!;
        Assert.True(job.TryBegin(0));
        var signalled = new TaskCompletionSource();
        await using var registration = job.OwnToken.Register(signalled.SetResult);
        _inbox.Cancel(1, item: -1, token: 0);

        await signalled.Task.WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken);
        Assert.Equal((1L, 1, 2), await ReturnedAsync());
    }

    [Fact]
    public async Task Stopping_one_item_leaves_the_next_alone()
    {
        _inbox.Add([Unit(1, count: 3)]);
        var job = _inbox.Take()!;
        Assert.True(job.TryBegin(0));
        var token = job.OwnToken;
        var signalled = new TaskCompletionSource();
        await using var registration = token.Register(signalled.SetResult);
        _inbox.Cancel(1, item: 1, token: 0);
        _inbox.Cancel(1, item: 0, token: 0);
        await signalled.Task.WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken);

        Assert.True(job.TryBegin(1));
        Assert.False(job.OwnToken.IsCancellationRequested);
    }

    [Fact]
    public async Task A_stop_that_comes_as_its_item_ends_does_not_reach_the_next()
    {
        _inbox.Add([Unit(1, count: 400)]);
        var job = _inbox.Take()!;
        for (var item = 0; item < 400; item += 2)
        {
            // Signalled by another thread, a little later: the next item has begun by then.
            Assert.True(job.TryBegin(item));
            var signalled = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            await using var registration = job.OwnToken.Register(signalled.SetResult);
            _inbox.Cancel(1, item, token: 0);
            Assert.True(job.TryBegin(item + 1));
            var next = job.OwnToken;

            await signalled.Task.WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken);
            Assert.False(next.IsCancellationRequested);
        }
    }

    [Fact]
    public async Task What_was_given_back_and_came_again_is_what_is_cancelled()
    {
        _inbox.Add([Unit(1), Unit(2)]);
        Assert.True(_inbox.Take()!.TryBegin(0));
        _inbox.Recall([2]);
        _inbox.Add([Unit(2)]);
        _inbox.Cancel(2, item: -1, token: 0);

        Assert.Equal([(2L, 0, 1), (2L, 0, 1)], [await ReturnedAsync(), await ReturnedAsync()]);
        Assert.True(_inbox.IsEmpty);
    }

    [Fact]
    public void What_came_in_several_messages_is_taken_in_order()
    {
        _inbox.Add([Unit(1), Unit(2)]);
        Assert.Equal(1, _inbox.Take()!.Unit.Id);
        _inbox.Add([Unit(3)]);
        _inbox.Add([Unit(4)]);

        Assert.Equal([2L, 3L, 4L], Enumerable.Range(0, 3).Select(_ => _inbox.Take()!.Unit.Id));
        Assert.True(_inbox.IsEmpty);
    }

    [Fact]
    public async Task Results_that_nobody_flushes_go_out_soon_also_behind_one_that_was_too_large_to_wait()
    {
        for (var round = 0; round < 3; round++)
        {
            _outbox.Add(1, 0, RecordKind.Values, new byte[StatusPage.JournalCapacity + 1], AfterResult.NextUnit);
            Assert.Equal(1, (await RecordAsync()).Id);
            await Task.Delay(TimeSpan.FromMilliseconds(20), TestContext.Current.CancellationToken);
            _outbox.Add(2, 0, RecordKind.Values, new byte[10], AfterResult.NextItem);

            Assert.Equal(2, (await RecordAsync()).Id);
        }
    }

    [Fact]
    public void After_closing_what_came_before_is_still_taken()
    {
        _inbox.Add([Unit(1)]);
        _inbox.Close();
        _inbox.Add([Unit(2)]);

        Assert.Equal(1, _inbox.Take()!.Unit.Id);
        Assert.Null(_inbox.Take());
    }

    private static WorkUnit Unit(long id, int count = 1) => new(id, 0, count, IsSequence: count > 1, IsTimed: false, default, default);

    private async Task<(long Id, int First, int Count)> ReturnedAsync()
    {
        var record = await RecordAsync();
        Assert.Equal(RecordKind.Returned, record.Kind);
        return (record.Id, record.FirstItem, record.Count);
    }

    private async Task<ResultRecord> RecordAsync()
    {
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        timeout.CancelAfter(TimeSpan.FromSeconds(20));
        return await _records.Reader.ReadAsync(timeout.Token);
    }

    private sealed class StuckStream : MemoryStream
    {
        private readonly TaskCompletionSource _isWriting = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly ManualResetEventSlim _released = new();

        public Task IsWriting => _isWriting.Task;

        public void Release() => _released.Set();

        public override void Write(ReadOnlySpan<byte> buffer)
        {
            _isWriting.TrySetResult();
            _released.Wait(TimeSpan.FromSeconds(20));
        }

        public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));
    }
}
