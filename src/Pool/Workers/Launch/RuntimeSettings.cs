using System.Diagnostics;
using MultiProc.Protocol.Launch;

namespace MultiProc.Workers.Launch;

/// <summary>
/// Settings of a worker's runtime, which it reads from its environment when it starts. They are meant for that process alone: the worker takes them back before any
/// user code runs, so that programs which user code starts do not inherit them.
/// </summary>
/// <param name="start">The worker that is to be started, with the environment that it has without them.</param>
internal sealed class RuntimeSettings(ProcessStartInfo start)
{
    private readonly Dictionary<string, EnvironmentVariable> _former = [];

    /// <summary>What the worker has to put back: the variables that were set, as they were before.</summary>
    public EnvironmentVariable[] Former => [.. _former.Values];

    /// <summary>Sets a variable, whatever it was.</summary>
    public void Set(string name, string value)
    {
        _former.TryAdd(name, new EnvironmentVariable(name, start.Environment.TryGetValue(name, out var former) ? former : null));
        start.Environment[name] = value;
    }

    /// <summary>Sets a variable unless it is set.</summary>
    public void SetByDefault(string name, string value)
    {
        if (!start.Environment.ContainsKey(name))
        {
            Set(name, value);
        }
    }
}
