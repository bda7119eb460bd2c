using System.Globalization;
using System.Runtime.InteropServices;
using MultiProc.Protocol.Memory;

namespace MultiProc.Workers;

/// <summary>
/// A worker's process and the process group that it leads, as the target of signals. The framework reaps a worker as
/// soon as it has ended, and its number is free from then on. This type never signals another process or group that has
/// got the same number. Thread-safe.
/// </summary>
internal sealed partial class WorkerGroup : IDisposable
{
    private const int SignalKill = 9;

    private readonly int _leader;
    private readonly ProcessIdentity? _identity;
    private readonly ProcessDescriptor? _descriptor;

    /// <param name="leader">The worker's process id. This process has just started it.</param>
    public WorkerGroup(int leader)
    {
        _leader = leader;
        if (OperatingSystem.IsLinux())
        {
            _descriptor = ProcessDescriptor.TryOpen(leader);
            _identity = _descriptor?.TrySignalGroup(0) == true ? null : ProcessIdentity.TryGet(leader);
        }
    }

    /// <summary>Sends a signal to the worker alone.</summary>
    public void SignalLeader(int signal)
    {
        if (OperatingSystem.IsLinux() && _descriptor is not null)
        {
            _descriptor.Signal(signal);
        }
        else if (!OperatingSystem.IsWindows() && IsNumberOurs())
        {
            _ = kill(_leader, signal);
        }
    }

    /// <summary>
    /// Kills every process in the group: the worker, if it lives, and what it has started and what has not left the
    /// group.
    /// </summary>
    public void Kill()
    {
        if (OperatingSystem.IsWindows() || (OperatingSystem.IsLinux() && _descriptor?.TrySignalGroup(SignalKill) == true))
        {
            return;
        }

        if (IsNumberOurs())
        {
            _ = kill(-_leader, SignalKill);
        }
    }

    public void Dispose()
    {
        if (OperatingSystem.IsLinux())
        {
            _descriptor?.Dispose();
        }
    }

    // If no process has the number, no later group has it either: a group gets its number from its leader. If a process
    // has the number, it must still be the worker.
    private bool IsNumberOurs() => _identity is not { } worker || worker.IsAlive
        || !Directory.Exists(string.Create(CultureInfo.InvariantCulture, $"/proc/{_leader}"));

    [LibraryImport("libc")]
    private static partial int kill(int pid, int signal);
}
