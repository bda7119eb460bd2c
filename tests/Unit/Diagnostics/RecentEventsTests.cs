using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using MultiProc.Diagnostics;

namespace MultiProc.Unit.Diagnostics;

public sealed class RecentEventsTests
{
    [Fact]
    public void A_logger_that_throws_is_told_of_and_stops_nothing()
    {
        var events = new RecentEvents(new ThrowingLogger(), new FakeTimeProvider());

        new PoolLog(events).WorkerLost(0, 4711, "SIGKILL");

        var told = events.Snapshot();
        Assert.Equal("Worker w0 (process 4711) was lost: SIGKILL; it is being replaced", told[0].Text);
        Assert.Equal("The application's logger threw IOException: The disk is full.", told[1].Text);
    }

    private sealed class ThrowingLogger : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            throw new IOException("The disk is full.");
    }
}
