using System.Globalization;
using MultiProc.Diagnostics;

namespace MultiProc.Workers;

/// <summary>The memory dump of a worker that is stuck in a call, written before the worker is ended.</summary>
internal static class TimeoutDump
{
    private const int WithHeap = 2;
    private const int Everything = 4;

    // A dump may be gigabytes.
    private static readonly TimeSpan DumpTimeout = TimeSpan.FromMinutes(2);

    /// <summary>
    /// Writes the dump, if the pool's options ask for it. Never throws: the call has run past its limit anyway.
    /// </summary>
    /// <returns>The path of the file; null: none was written.</returns>
    public static async Task<string?> MakeAsync(ProcessPoolOptions options, WorkerProcess process, int slot, PoolLog log)
    {
        if (options.DumpOnTimeout is not { } directory || process.HasExited)
        {
            return null;
        }

        var path = Path.Combine(Path.GetFullPath(directory), string.Create(CultureInfo.InvariantCulture, $"worker-{process.Id}-timeout.dmp"));
        try
        {
            using var limit = new CancellationTokenSource(DumpTimeout);
            await DiagnosticPort.WriteDumpAsync(DirectoryOf(options), process.Id, path, KindOf(options), limit.Token).ConfigureAwait(false);
            return path;
        }
        catch (Exception exception)
        {
            log.DumpNotMade(slot, process.Id, exception is OperationCanceledException ? $"it took longer than {DumpTimeout}" : exception.Message);
            return null;
        }
    }

    // As with crash dumps, the kind can be set through the workers' environment.
    private static int KindOf(ProcessPoolOptions options) =>
        options.EnvironmentVariables.TryGetValue(EnvironmentNames.DumpType, out var text)
            && int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var kind) && kind is >= 1 and <= Everything ? kind : WithHeap;

    private static string DirectoryOf(ProcessPoolOptions options) =>
        options.EnvironmentVariables.TryGetValue(EnvironmentNames.TemporaryDirectory, out var directory) && !string.IsNullOrEmpty(directory) ? directory : Path.GetTempPath();
}
