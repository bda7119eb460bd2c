using System.Diagnostics;
using MultiProc.Diagnostics;
using MultiProc.Protocol.Launch;
using MultiProc.Workers.Launch;

namespace MultiProc.Workers;

/// <summary>
/// Finds out where a worker is stuck, from outside: by the worker program in its second mode, in a process of its own, which cannot take anybody along.
/// That process is the second that is started here besides workers, and it is gone when the task has ended. Thread-safe.
/// </summary>
internal sealed class StackCapture(ProcessPoolOptions options)
{
    // Many workers may be stuck at once; so that some are looked into in time, not all are at the same time.
    private static readonly SemaphoreSlim Slots = new(Environment.ProcessorCount);

    /// <summary>The stack of the worker's main thread; empty when it cannot be taken. Never throws.</summary>
    /// <remarks>
    /// It is not given up before the worker ends: a debugger that is killed while it is attached leaves a worker standing still that may live on. Whoever cannot
    /// wait ends the worker.
    /// </remarks>
    /// <param name="processId">The worker.</param>
    /// <param name="exited">Completes when the worker has ended: then there is nothing to be seen.</param>
    public async Task<string> TakeAsync(int processId, Task exited)
    {
        if (options.StackCaptureTimeout == TimeSpan.Zero || !OperatingSystem.IsLinux())
        {
            return "";
        }

        var slot = Slots.WaitAsync(CancellationToken.None);
        if (await Task.WhenAny(slot, exited).ConfigureAwait(false) == exited)
        {
            // Too late, but the slot is still to be given back.
            _ = slot.ContinueWith(static _ => Slots.Release(), TaskScheduler.Default);
            return "";
        }

        try
        {
            return CanTake(processId) ? await WalkAsync(processId, exited).ConfigureAwait(false) : "";
        }
        catch (Exception)
        {
            // Nothing can be started or read any more. The call has run past its limit all the same: its caller is told that, and its worker is ended.
            return "";
        }
        finally
        {
            Slots.Release();
        }
    }

    // A second debugger would throw out the first and leave the worker frozen; a process that is stopped does not answer.
    private static bool CanTake(int processId) => DebuggerProbe.IsAttached(processId) != true && !IsStopped(processId);

    private static bool IsStopped(int processId)
    {
        // The name in parentheses may hold anything; the state follows it.
        var stat = File.ReadAllText($"/proc/{processId}/stat");
        return stat[stat.LastIndexOf(')') + 2] is 'T' or 't';
    }

    /// <summary>The stacks of all managed threads of any .NET process of this user.</summary>
    /// <exception cref="InvalidOperationException">They cannot be taken.</exception>
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

        // The process does not close what somebody has read.
        walker.StandardOutput.Dispose();
        walker.StandardError.Dispose();
        return (await listing.ConfigureAwait(false), await errors.ConfigureAwait(false));
    }
}
