using System.Globalization;
using MultiProc.Diagnostics;

namespace MultiProc.Workers.Launch;

/// <summary>The memory dump that the runtime writes when a worker crashes.</summary>
internal static class CrashDump
{
    // Threads, stacks and all managed objects.
    private const string WithHeap = "2";

    /// <summary>
    /// Enables dumps in a worker that is about to be started. The kind can be set through the pool's environment
    /// variables.
    /// </summary>
    public static void Request(RuntimeSettings settings, ProcessPoolOptions options)
    {
        if (options.DumpOnCrash is { } directory)
        {
            settings.Set(EnvironmentNames.EnableDump, "1");
            settings.Set(EnvironmentNames.DumpName, PathOf(directory, "%p"));
            settings.SetByDefault(EnvironmentNames.DumpType, WithHeap);
        }
    }

    /// <summary>Finds the dump of a worker that has ended; null: there is none.</summary>
    public static string? Find(ProcessPoolOptions options, int processId) =>
        options.DumpOnCrash is { } directory && PathOf(directory, processId.ToString(CultureInfo.InvariantCulture)) is var path && File.Exists(path) ? path : null;

    private static string PathOf(string directory, string process) => Path.Combine(Path.GetFullPath(directory), $"worker-{process}.dmp");
}
