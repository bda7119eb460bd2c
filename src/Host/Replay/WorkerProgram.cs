using System.Diagnostics;

namespace MultiProc.Host.Replay;

/// <summary>Runs a worker program to its end, on this terminal. The only place of the command that starts processes itself.</summary>
internal static class WorkerProgram
{
    private const int SignalBase = 128;

    /// <returns>The exit code; above 128 the number of a signal is added to it.</returns>
    /// <exception cref="IOException">It cannot be started.</exception>
    public static async Task<int> RunAsync(ProcessStartInfo start, CancellationToken cancellationToken)
    {
        try
        {
            using var process = Process.Start(start) ?? throw new IOException($"{start.FileName} was not started.");
            using var ending = cancellationToken.UnsafeRegister(static process => ((Process)process!).Kill(entireProcessTree: true), process);
            await process.WaitForExitAsync(CancellationToken.None).ConfigureAwait(false);
            cancellationToken.ThrowIfCancellationRequested();
            return process.ExitCode;
        }
        catch (System.ComponentModel.Win32Exception exception)
        {
            throw new IOException($"{start.FileName} cannot be started as it was when the call was recorded: {exception.Message}", exception);
        }
    }

    /// <summary>The signal that ended it; null: none did.</summary>
    public static int? SignalOf(int exitCode) => exitCode > SignalBase && !OperatingSystem.IsWindows() ? exitCode - SignalBase : null;
}
