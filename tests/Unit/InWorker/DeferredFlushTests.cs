using MultiProc.Worker.Calls;

namespace MultiProc.Unit.InWorker;

public sealed class DeferredFlushTests
{
    [Fact]
    public void Nothing_is_flushed_once_it_is_disposed()
    {
        var closed = 0;
        var late = 0;
        for (var round = 0; round < 200; round++)
        {
            var page = new Page();
            DeferredFlush? flush = null;
            flush = new DeferredFlush(() =>
            {
                late += page.IsClosed ? 1 : 0;
                Thread.SpinWait(round * 20);
                late += page.IsClosed ? 1 : 0;
                flush!.Unschedule();
            });
            flush.Schedule(TimeSpan.FromMicroseconds(round));
            if (round % 2 == 0)
            {
                Thread.Sleep(1);
            }

            flush.Dispose();
            page.IsClosed = true;
            closed++;
        }

        Thread.Sleep(20);
        Assert.Equal((200, 0), (closed, Volatile.Read(ref late)));
    }

    private sealed class Page
    {
        public volatile bool IsClosed;
    }
}
