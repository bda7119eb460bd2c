using MultiProc.Protocol.Messages;
using StreamJsonRpc;

namespace MultiProc.Unit.Wire;

public sealed class WorkerLinkTests
{
    private static readonly TimeSpan MaxWait = TimeSpan.FromSeconds(20);

    [Fact]
    public async Task Notifications_are_handled_in_the_order_of_sending()
    {
        const int Count = 1_000;
        await using var pair = new WorkerLinkPair();
        await using var host = pair.LinkHost();
        var received = new List<int>();
        var all = new TaskCompletionSource();
        pair.Link.Start((ref IncomingMessage message) =>
        {
            Assert.Equal((Methods.Cancel, 7L), (message.Method, message.ReadInt64()));
            received.Add(message.ReadInt32());
            if (received.Count == Count)
            {
                all.SetResult();
            }
        });
        host.Start();
        for (var i = 0; i < Count; i++)
        {
            host.Notify(Methods.Cancel, [7L, i, 0]);
        }

        await all.Task.WaitAsync(MaxWait, TestContext.Current.CancellationToken);
        Assert.Equal(Enumerable.Range(0, Count), received);
    }

    [Fact]
    public async Task A_request_is_answered_by_whoever_is_ready_and_what_comes_behind_it_is_heard_before()
    {
        await using var pair = new WorkerLinkPair();
        await using var host = pair.LinkHost();
        ReadOnlyMemory<byte> asked = default;
        pair.Link.Start((ref IncomingMessage message) =>
        {
            if (message.Method == Methods.Ping)
            {
                asked = message.Id;
            }
            else
            {
                pair.Link.Answer(asked, 42);
            }
        });
        host.Start();
        var answer = host.RequestAsync<int>(Methods.Ping, [], CancellationToken.None);
        host.Notify(Methods.Shutdown);

        Assert.Equal(42, await answer.WaitAsync(MaxWait, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_method_that_a_worker_does_not_have_is_refused_and_a_notification_of_one_ignored()
    {
        await using var pair = new WorkerLinkPair();
        await using var host = pair.LinkHost();
        pair.Link.Start((ref IncomingMessage message) => pair.Link.AnswerMethodNotFound(message));
        host.Start();
        host.Notify("nothing");

        var refusal = await Assert.ThrowsAsync<RemoteMethodNotFoundException>(() => host.RequestAsync<int>("nothing", [], TestContext.Current.CancellationToken));
        Assert.Contains("'nothing'", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_threads_send_at_the_same_time_arrives_whole_and_each_ones_in_order()
    {
        const int Threads = 4;
        const int Each = 500;
        await using var pair = new WorkerLinkPair();
        await using var host = pair.LinkHost();
        var received = new List<(long Thread, int Number)>();
        var all = new TaskCompletionSource();
        host.On(Methods.Report, (long thread, int number, ReadOnlyMemory<byte> block) =>
        {
            Assert.Equal(number * 100, block.Length);
            received.Add((thread, number));
            if (received.Count == Threads * Each)
            {
                all.SetResult();
            }
        });
        host.Start();
        await Task.WhenAll(Enumerable.Range(0, Threads).Select(thread => Task.Run(() =>
        {
            for (var i = 0; i < Each; i++)
            {
                pair.Link.Notify(Methods.Report, (long)thread, i, new ReadOnlyMemory<byte>(new byte[i * 100]));
            }
        })));

        await all.Task.WaitAsync(MaxWait, TestContext.Current.CancellationToken);
        Assert.All(received.GroupBy(static report => report.Thread), static reports => Assert.Equal(Enumerable.Range(0, Each), reports.Select(static report => report.Number)));
    }

    [Fact]
    public async Task When_the_host_is_gone_the_worker_is_told_and_sending_does_not_throw()
    {
        await using var pair = new WorkerLinkPair();
        pair.Link.Start(static (ref IncomingMessage _) => { });
        await pair.Host.DisposeAsync();
        Assert.Null(await pair.ClosedAsync());

        pair.Link.Notify(Methods.Report, 1L, 1, ReadOnlyMemory<byte>.Empty);
    }

    [Fact]
    public async Task A_handler_that_cannot_read_its_message_ends_the_link()
    {
        await using var pair = new WorkerLinkPair();
        await using var host = pair.LinkHost();
        pair.Link.Start(static (ref IncomingMessage message) => message.ReadInt32());
        host.Start();
        host.Notify(Methods.Assign, ["text"]);

        Assert.NotNull(await pair.ClosedAsync());
    }
}
