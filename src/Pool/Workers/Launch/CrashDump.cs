using System.Globalization;
using MultiProc.Diagnostics;

namespace MultiProc.Workers.Launch;

/// <summary>The file that the runtime makes of a worker's memory when that crashes.</summary>
internal static class CrashDump
{
    // Threads, stacks and all managed objects.
    private const string WithHeap = "2";

    /// <summary>Has a worker that is about to be started make one. The kind can be chosen through the pool's environment variables.</summary>
    public static void Request(RuntimeSettings settings, ProcessPoolOptions options)
    {
        if (options.DumpOnCrash is { } directory)
        {
            settings.Set(EnvironmentNames.EnableDump, "1");
            settings.Set(EnvironmentNames.DumpName, PathOf(directory, "%p"));
            settings.SetByDefault(EnvironmentNames.DumpType, WithHeap);
        }
    }

    /// <summary>The dump of a worker that has ended; null when it left none.</summary>
    public static string? Find(ProcessPoolOptions options, int processId) =>
        options.DumpOnCrash is { } directory && PathOf(directory, processId.ToString(CultureInfo.InvariantCulture)) is var path && File.Exists(path) ? path : null;

    private static string PathOf(string directory, string process) => Path.Combine(Path.GetFullPath(directory), $"worker-{process}.dmp");
}
