using System.Diagnostics;
using MultiProc.Diagnostics;
using MultiProc.Protocol.Launch;
using MultiProc.Workers.Launch;

namespace MultiProc.Workers;

/// <summary>
/// Captures the stack of a stuck worker from outside. The worker program does it in its second mode, in a process of
/// its own, so that a failure takes no other process down. That process is the only one started here besides workers,
/// and it has ended when the task completes. Thread-safe.
/// </summary>
internal sealed class StackCapture(ProcessPoolOptions options)
{
    // A limit on concurrent captures. If many workers are stuck at once, some of the captures complete in time.
    private static readonly SemaphoreSlim Slots = new(Environment.ProcessorCount);

    /// <summary>
    /// Captures the stack of the worker's main thread; empty when that is not possible. Never throws.
    /// </summary>
    /// <remarks>
    /// The capture is not cancelled before the worker ends: a debugger that is killed while it is attached leaves the
    /// worker frozen, and that worker might live on. A caller that cannot wait ends the worker.
    /// </remarks>
    /// <param name="processId">The worker's process id.</param>
    /// <param name="exited">Completes when the worker has ended: there is no stack any more.</param>
    public async Task<string> TakeAsync(int processId, Task exited)
    {
        if (options.StackCaptureTimeout == TimeSpan.Zero || !OperatingSystem.IsLinux())
        {
            return "";
        }

        var slot = Slots.WaitAsync(CancellationToken.None);
        if (await Task.WhenAny(slot, exited).ConfigureAwait(false) == exited)
        {
            // The worker has ended first, but the slot must be released when it is granted.
            _ = slot.ContinueWith(static _ => Slots.Release(), TaskScheduler.Default);
            return "";
        }

        try
        {
            return CanTake(processId) ? await WalkAsync(processId, exited).ConfigureAwait(false) : "";
        }
        catch (Exception)
        {
            // No process can be started, or nothing can be read. The call has run past its limit anyway: its caller is
            // informed and its worker is ended.
            return "";
        }
        finally
        {
            Slots.Release();
        }
    }

    // A second debugger would detach the first and leave the worker frozen. A process that is stopped does not respond.
    private static bool CanTake(int processId) => DebuggerProbe.IsAttached(processId) != true && !IsStopped(processId);

    private static bool IsStopped(int processId)
    {
        // The name in parentheses may contain anything; the state follows it.
        var stat = File.ReadAllText($"/proc/{processId}/stat");
        return stat[stat.LastIndexOf(')') + 2] is 'T' or 't';
    }

    /// <summary>Captures the stacks of all managed threads of any .NET process of this user.</summary>
    /// <exception cref="InvalidOperationException">The stacks cannot be captured.</exception>
    public static async Task<string> TakeAllAsync(int processId, CancellationToken cancellationToken)
    {
        if (!CanTake(processId))
        {
            throw new InvalidOperationException(
                $"Process {processId} is stopped, or a debugger is attached to it, which would be thrown out. Look with the debugger, or continue or detach first.");
        }

        var (listing, errors) = await ListAsync(new ProcessPoolOptions(), processId, Task.Delay(Timeout.Infinite, cancellationToken)).ConfigureAwait(false);
        cancellationToken.ThrowIfCancellationRequested();
        return errors.Length == 0 ? listing : throw new InvalidOperationException(errors.Trim());
    }

    private async Task<string> WalkAsync(int processId, Task end) =>
        StackListing.FirstStack((await ListAsync(options, processId, end).ConfigureAwait(false)).Listing);

    private static async Task<(string Listing, string Errors)> ListAsync(ProcessPoolOptions options, int processId, Task end)
    {
        using var walker = Process.Start(WorkerLaunch.CreateStackWalk(options, processId))!;
        walker.StandardInput.Close();
        var listing = walker.StandardOutput.ReadToEndAsync();
        var errors = walker.StandardError.ReadToEndAsync();
        var both = Task.WhenAll(listing, errors);
        await Task.WhenAny(both, end).ConfigureAwait(false);
        walker.Kill();
        await walker.WaitForExitAsync(CancellationToken.None).ConfigureAwait(false);
        await both.ConfigureAwait(false);

        // Disposing of the process does not close streams that have been read.
        walker.StandardOutput.Dispose();
        walker.StandardError.Dispose();
        return (await listing.ConfigureAwait(false), await errors.ConfigureAwait(false));
    }
}
