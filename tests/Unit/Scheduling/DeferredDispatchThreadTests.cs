using MultiProc.Scheduling;

namespace MultiProc.Unit.Scheduling;

public sealed class DeferredDispatchThreadTests
{
    [Fact]
    public async Task All_that_is_wanted_is_done_in_order_on_one_other_thread()
    {
        using var soon = new DeferredDispatchThread();
        List<(int Number, int Thread)> done = [];
        var isDone = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        for (var i = 0; i < 100; i++)
        {
            var number = i;
            soon.Run(() => done.Add((number, Environment.CurrentManagedThreadId)));
        }

        soon.Run(isDone.SetResult);
        await isDone.Task.WaitAsync(TestContext.Current.CancellationToken);

        Assert.Equal(Enumerable.Range(0, 100), done.Select(static action => action.Number));
        Assert.NotEqual(Environment.CurrentManagedThreadId, Assert.Single(done.Select(static action => action.Thread).Distinct()));
    }

    [Fact]
    public async Task It_does_not_see_what_belongs_to_the_flow_of_who_asked()
    {
        using var soon = new DeferredDispatchThread();
        var flowing = new AsyncLocal<string> { Value = "of the caller" };
        var seen = new TaskCompletionSource<string?>(TaskCreationOptions.RunContinuationsAsynchronously);

        soon.Run(() => seen.SetResult(flowing.Value));

        Assert.Null(await seen.Task.WaitAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Once_disposed_its_thread_ends_and_nothing_is_done_any_more()
    {
        var soon = new DeferredDispatchThread();
        var thread = new TaskCompletionSource<Thread>(TaskCreationOptions.RunContinuationsAsynchronously);
        soon.Run(() => thread.SetResult(Thread.CurrentThread));
        var own = await thread.Task.WaitAsync(TestContext.Current.CancellationToken);

        soon.Dispose();
        soon.Dispose();
        soon.Run(() => throw new InvalidOperationException("Done after the end."));

        Assert.True(own.Join(TimeSpan.FromSeconds(10)));
    }

    [Fact]
    public void One_that_was_never_asked_has_no_thread_and_can_be_disposed()
    {
        var soon = new DeferredDispatchThread();
        soon.Dispose();
        soon.Run(() => throw new InvalidOperationException("Done after the end."));
    }
}
