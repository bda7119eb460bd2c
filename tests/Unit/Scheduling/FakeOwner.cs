using System.Collections.Concurrent;
using MultiProc.Scheduling;

namespace MultiProc.Unit.Scheduling;

/// <summary>Writes down what the dispatcher tells it about runners that leave.</summary>
internal sealed class FakeOwner : IRunnerOwner
{
    private readonly ConcurrentQueue<(ICallRunner Runner, string Event)> _events = new();

    /// <summary>Runs while the dispatcher tells that a runner retires: what another thread might do just then.</summary>
    public Action? Retiring { get; set; }

    public Action<ICallRunner>? Retired { get; set; }

    public IEnumerable<string> EventsOf(ICallRunner runner) => _events.Where(one => one.Runner == runner).Select(static one => one.Event);

    public void OnRetiring(ICallRunner runner)
    {
        Retiring?.Invoke();
        _events.Enqueue((runner, "retiring"));
    }

    public void OnRetired(ICallRunner runner)
    {
        _events.Enqueue((runner, "retired"));
        Retired?.Invoke(runner);
    }
}
