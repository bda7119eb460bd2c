using System.ComponentModel;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using Microsoft.Win32.SafeHandles;

namespace MultiProc.Workers;

/// <summary>
/// A switch that has the kernel kill a worker's process group when this process ends, however it ends. The worker takes
/// no part in it: at a breakpoint it neither sees the end of its pipe nor can make a system call.
/// </summary>
/// <remarks>
/// The kernel signals the owner of a pipe's reading end (F_SETOWN, F_SETSIG) when the last writing end is closed. Both
/// ends belong to this process, and the kernel closes them when the process ends. There are two pipes, whose ends have
/// descriptors in opposite order: whatever the kernel's order is, one of them has its writing end closed first.
/// </remarks>
[SupportedOSPlatform("linux")]
internal sealed partial class HostDeathSwitch : IDisposable
{
    private const int SignalKill = 9;
    private const int DuplicateCloseOnExec = 1030;
    private const int SetFlags = 4;
    private const int SetOwner = 8;
    private const int SetSignal = 10;
    private const int Asynchronous = 0x2000;
    private const int NonBlocking = 0x800;
    private const int CloseOnExec = 0x80000;

    private readonly List<SafeFileHandle> _reading = [];
    private readonly List<SafeFileHandle> _writing = [];

    /// <param name="group">The process group, which must exist.</param>
    /// <exception cref="IOException">The system has no more descriptors.</exception>
    public HostDeathSwitch(int group)
    {
        try
        {
            Arm(group, isReadingFirst: true);
            Arm(group, isReadingFirst: false);
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>Disarms the switch. The reading ends are closed first, so nobody is left to be signalled.</summary>
    public void Dispose()
    {
        _reading.ForEach(static end => end.Dispose());
        _writing.ForEach(static end => end.Dispose());
    }

    private void Arm(int group, bool isReadingFirst)
    {
        Span<int> ends = stackalloc int[2];
        Check(pipe2(ref ends[0], CloseOnExec));
        var reading = new SafeFileHandle(ends[0], ownsHandle: true);
        _writing.Add(new SafeFileHandle(ends[1], ownsHandle: true));
        if (!isReadingFirst)
        {
            using var former = reading;
            reading = new SafeFileHandle(Check(fcntl((int)former.DangerousGetHandle(), DuplicateCloseOnExec, ends[1] + 1)), ownsHandle: true);
        }

        _reading.Add(reading);
        var descriptor = (int)reading.DangerousGetHandle();
        Check(fcntl(descriptor, SetSignal, SignalKill));
        Check(fcntl(descriptor, SetOwner, -group));
        Check(fcntl(descriptor, SetFlags, Asynchronous | NonBlocking));
    }

    private static int Check(int result) => result >= 0 ? result : throw new IOException(new Win32Exception(Marshal.GetLastPInvokeError()).Message);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int pipe2(ref int ends, int flags);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int fcntl(int descriptor, int command, int argument);
}
