using System.Text.Json;
using MultiProc.Protocol.Control;

namespace MultiProc.Control;

/// <summary>
/// Tells a client how far a map has come. One notification at a time is on its way: a client that does not read misses some and holds up nothing. Thread-safe.
/// </summary>
internal sealed class MapProgressNotifier(ControlLink link, JsonElement token, int total)
{
    private readonly Lock _gate = new();
    private Task _last = Task.CompletedTask;
    private long _notifiedAt = Environment.TickCount64;

    /// <summary>So many items have ended: told if the interval has passed and the client has been sent what it was told last.</summary>
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

    /// <summary>All items have ended, which is always told, before the answer.</summary>
    public async Task CompleteAsync()
    {
        await _last.ConfigureAwait(false);
        await link.NotifyAsync(ControlMethods.Progress, new ProgressParameters(token, total, total)).ConfigureAwait(false);
    }
}
