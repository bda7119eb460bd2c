using System.Collections.Concurrent;
using MultiProc.Protocol.Messages;

namespace MultiProc.Unit.Wire;

public sealed class RpcLinkTests
{
    [Fact]
    public async Task Notifications_are_handled_one_after_another_in_the_order_of_sending()
    {
        const int Count = 1_000;
        await using var pair = new LinkPair();
        await using var sender = pair.LinkOther();
        var received = new List<int>();
        var all = new TaskCompletionSource();
        pair.Link.On("number", (long _, int number, int _) =>
        {
            received.Add(number);
            if (received.Count == Count)
            {
                all.SetResult();
            }
        });
        pair.Link.Start();
        sender.Start();
        for (var i = 0; i < Count; i++)
        {
            sender.Notify("number", [0L, i, 0]);
        }

        await all.Task.WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken);
        Assert.Equal(Enumerable.Range(0, Count), received);
    }

    [Fact]
    public async Task Bytes_arrive_as_they_were_sent()
    {
        await using var pair = new LinkPair();
        await using var sender = pair.LinkOther();
        var received = new TaskCompletionSource<byte[]>();
        pair.Link.On(Methods.Done, (ReadOnlyMemory<byte> block) => received.SetResult(block.ToArray()));
        pair.Link.Start();
        sender.Start();
        byte[] sent = [.. Enumerable.Range(0, 3_000_000).Select(static i => (byte)(i * 7))];
        sender.Notify(Methods.Done, [new RecordBlock(sent.AsMemory(0, 10), sent.AsMemory(10))]);

        Assert.True((await received.Task.WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken)).AsSpan().SequenceEqual(sent));
    }

    [Fact]
    public async Task What_comes_behind_a_request_is_heard_before_its_answer_is_ready()
    {
        await using var pair = new LinkPair();
        await using var sender = pair.LinkOther();
        var answer = new TaskCompletionSource<int>(TaskCreationOptions.RunContinuationsAsynchronously);
        var events = new ConcurrentQueue<string>();
        pair.Link.On("ask", () =>
        {
            events.Enqueue("asked");
            return answer.Task;
        });
        pair.Link.On(Methods.Shutdown, () =>
        {
            events.Enqueue("notified");
            answer.SetResult(42);
        });
        pair.Link.Start();
        sender.Start();
        var asked = sender.RequestAsync<int>("ask", [], CancellationToken.None);
        sender.Notify(Methods.Shutdown);

        Assert.Equal(42, await asked.WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken));
        Assert.Equal(["asked", "notified"], events);
    }

    [Fact]
    public async Task A_handler_that_throws_does_not_end_the_link()
    {
        await using var pair = new LinkPair();
        await using var sender = pair.LinkOther();
        pair.Link.On(Methods.Shutdown, void () => throw new InvalidOperationException());
        pair.Link.On(Methods.Ping, static () => 1);
        pair.Link.Start();
        sender.Start();
        sender.Notify(Methods.Shutdown);

        Assert.Equal(1, await sender.RequestAsync<int>(Methods.Ping, [], CancellationToken.None));
    }

    [Fact]
    public async Task When_one_end_is_disposed_the_other_closes_and_sending_does_nothing()
    {
        await using var pair = new LinkPair();
        var other = pair.LinkOther();
        pair.Link.Start();
        other.Start();
        await other.DisposeAsync();

        Assert.NotEmpty(await pair.ReasonAsync());
        pair.Link.Notify(Methods.Shutdown);
    }

    [Fact]
    public async Task A_request_that_is_open_when_the_link_ends_fails()
    {
        await using var pair = new LinkPair();
        pair.Link.Start();
        var asked = pair.Link.RequestAsync<int>(Methods.Ping, [], CancellationToken.None);
        await pair.Other.DisposeAsync();

        await Assert.ThrowsAnyAsync<Exception>(() => asked.WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken));
        Assert.False(asked.IsCompletedSuccessfully);
    }

    [Fact]
    public async Task A_link_that_ends_while_it_handles_a_message_leaves_no_thread_behind()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Threads are found by name through /proc.");
        var handled = new TaskCompletionSource();
        var pair = new LinkPair();
        var sender = pair.LinkOther();
        pair.Link.On(Methods.Shutdown, () =>
        {
            pair.Link.DisposeAsync().AsTask();
            handled.SetResult();
        });
        pair.Link.Start();
        sender.Start();
        sender.Notify(Methods.Shutdown);
        await handled.Task;
        await sender.DisposeAsync();

        for (var i = 0; i < 1_000 && ThreadsNamed(pair.ThreadName) > 0; i++)
        {
            await Task.Delay(10, TestContext.Current.CancellationToken);
        }

        Assert.Equal(0, ThreadsNamed(pair.ThreadName));
    }

    private static int ThreadsNamed(string name) =>
        Directory.EnumerateDirectories("/proc/self/task").Count(task => ReadName(task) == name);

    private static string ReadName(string task)
    {
        try
        {
            return File.ReadAllText(Path.Combine(task, "comm")).Trim();
        }
        catch (IOException)
        {
            // It has ended meanwhile.
            return "";
        }
    }
}
