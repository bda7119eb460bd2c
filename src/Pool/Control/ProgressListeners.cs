using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json;
using MultiProc.Protocol.Control;

namespace MultiProc.Control;

/// <summary>The progress listeners of the maps of one client connection. Thread-safe.</summary>
internal sealed class ProgressListeners
{
    private readonly ConcurrentDictionary<int, IProgress<MapProgress>> _listeners = new();
    private int _last;

    /// <summary>Registers a listener until the result is disposed; null for null.</summary>
    public Registration? Add(IProgress<MapProgress>? progress)
    {
        if (progress is null)
        {
            return null;
        }

        var number = Interlocked.Increment(ref _last);
        _listeners[number] = progress;
        return new Registration(this, number);
    }

    public void Report(ProgressParameters parameters)
    {
        if (parameters.Token.TryGetInt32(out var number) && _listeners.TryGetValue(number, out var progress))
        {
            progress.Report(new MapProgress(parameters.Completed, parameters.Total));
        }
    }

    public sealed class Registration(ProgressListeners owner, int number) : IDisposable
    {
        public JsonElement Token { get; } = JsonElement.Parse(number.ToString(CultureInfo.InvariantCulture));

        public void Dispose() => owner._listeners.TryRemove(number, out _);
    }
}
