using System.Diagnostics;
using MultiProc.Protocol.Launch;

namespace MultiProc.Workers.Launch;

/// <summary>
/// Settings of a worker's runtime, which reads them from the environment when it starts. They are meant for that
/// process alone: the worker restores the variables before any user code runs, so that programs started by user code do
/// not inherit them.
/// </summary>
/// <param name="start">The worker that is to be started, with its environment without these settings.</param>
internal sealed class RuntimeSettings(ProcessStartInfo start)
{
    private readonly Dictionary<string, EnvironmentVariable> _former = [];

    /// <summary>The variables that the worker has to restore, with their former values.</summary>
    public EnvironmentVariable[] Former => [.. _former.Values];

    /// <summary>Sets a variable, replacing any value.</summary>
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
