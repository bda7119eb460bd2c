using System.Globalization;

namespace MultiProc.Diagnostics;

/// <summary>
/// The switches by which a developer debugs an application from outside, without changing it: <c>MULTIPROC_DEBUG=w2</c>
/// (a list of workers, <c>first</c> or <c>all</c>) and <c>MULTIPROC_INPROCESS=1</c>. They override the application's
/// own options.
/// </summary>
internal static class EnvironmentSwitches
{
    private const StringSplitOptions Trimmed = StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries;

    /// <exception cref="ArgumentException">A variable has an invalid value.</exception>
    public static ProcessPoolOptions Apply(ProcessPoolOptions options, Func<string, string?> read)
    {
        if (IsOn(EnvironmentNames.InProcess, read))
        {
            return options with { Processes = 0, StandbyWorkers = 0 };
        }

        return read(EnvironmentNames.Debug) is { Length: > 0 } workers ? options with { Debugging = Parse(workers) } : options;
    }

    private static bool IsOn(string name, Func<string, string?> read) => read(name) switch
    {
        null or "" or "0" => false,
        "1" => true,
        var other => throw new ArgumentException($"{name}={other} makes no sense. It is 1 or 0."),
    };

    private static WorkerDebugging Parse(string workers) => workers.Trim() switch
    {
        "all" => WorkerDebugging.WaitForDebugger(),
        "first" => WorkerDebugging.WaitForDebugger(0),
        _ => WorkerDebugging.WaitForDebugger([.. workers.Split(',', Trimmed).Select(SlotOf)]),
    };

    private static int SlotOf(string worker) =>
        int.TryParse(worker.AsSpan(worker.StartsWith('w') ? 1 : 0), NumberStyles.None, CultureInfo.InvariantCulture, out var slot)
            ? slot
            : throw new ArgumentException($"{EnvironmentNames.Debug}={worker} names no worker. Write w2, or w2,w5, or first, or all.");
}
