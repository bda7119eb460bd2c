using System.Text.Json;
using MultiProc.Protocol.Control;

namespace MultiProc.Control;

/// <summary>
/// Notifies a client of a map's progress. Only one notification is on its way at a time: a client that does not read
/// misses some, and delays nothing. Thread-safe.
/// </summary>
internal sealed class MapProgressNotifier(ControlLink link, JsonElement token, int total)
{
    private readonly Lock _gate = new();
    private Task _last = Task.CompletedTask;
    private long _notifiedAt = Environment.TickCount64;

    /// <summary>
    /// Notifies the client of the number of completed items, if the interval has passed and the previous notification
    /// has been sent.
    /// </summary>
    public void Report(int completed, TimeSpan interval)
    {
        lock (_gate)
        {
            if (completed < total && _last.IsCompleted && Environment.TickCount64 - _notifiedAt > interval.TotalMilliseconds)
            {
                _notifiedAt = Environment.TickCount64;
                _last = link.NotifyAsync(ControlMethods.Progress, new ProgressParameters(token, completed, total));
            }
        }
    }

    /// <summary>Notifies the client, before the answer, that all items have ended.</summary>
    public async Task CompleteAsync()
    {
        await _last.ConfigureAwait(false);
        await link.NotifyAsync(ControlMethods.Progress, new ProgressParameters(token, total, total)).ConfigureAwait(false);
    }
}
