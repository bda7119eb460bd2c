using System.Globalization;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using Microsoft.Win32.SafeHandles;

namespace MultiProc.Workers;

/// <summary>
/// A process, identified by a kernel descriptor (a "pidfd") instead of its number: the number may belong to another
/// process once this one has been reaped. Thread-safe.
/// </summary>
[SupportedOSPlatform("linux")]
internal sealed partial class ProcessDescriptor : IDisposable
{
    private const int SendSignalCall = 424;
    private const int OpenCall = 434;
    private const uint ToGroup = 4;
    private const int InvalidArgument = 22;
    private const short Readable = 1;

    private readonly Lock _gate = new();
    private readonly SafeFileHandle _file;

    private ProcessDescriptor(int processId, SafeFileHandle file)
    {
        ProcessId = processId;
        _file = file;
    }

    public int ProcessId { get; }

    /// <summary>
    /// Opens a process. Null when there is no such process, or when the kernel (before 5.3), a sandbox or a shortage of
    /// descriptors does not allow it.
    /// </summary>
    public static ProcessDescriptor? TryOpen(int processId)
    {
        var descriptor = syscall(OpenCall, processId, 0, 0, 0);
        return descriptor < 0 ? null : new ProcessDescriptor(processId, new SafeFileHandle(descriptor, ownsHandle: true));
    }

    /// <summary>Sends a signal to the process. Does nothing if the process has ended.</summary>
    public void Signal(int signal) => _ = Send(signal, 0);

    /// <summary>
    /// Sends a signal to the group that the process leads or led, and never to a later group with the same number.
    /// </summary>
    /// <returns>False if the kernel cannot do that (before 6.9).</returns>
    public bool TrySignalGroup(int signal) => Send(signal, ToGroup) == 0 || Marshal.GetLastPInvokeError() != InvalidArgument;

    /// <summary>Waits until the process has ended. A negative timeout counts as zero.</summary>
    public bool EndsWithin(TimeSpan timeout)
    {
        lock (_gate)
        {
            if (_file.IsClosed)
            {
                return true;
            }

            var wanted = new Poll { Descriptor = (int)_file.DangerousGetHandle(), Events = Readable };
            return poll(ref wanted, 1, (int)Math.Max(0, timeout.TotalMilliseconds)) > 0;
        }
    }

    public override string ToString() => ProcessId.ToString(CultureInfo.InvariantCulture);

    public void Dispose()
    {
        lock (_gate)
        {
            _file.Dispose();
        }
    }

    private nint Send(int signal, uint flags)
    {
        lock (_gate)
        {
            return _file.IsClosed ? 0 : syscall(SendSignalCall, _file.DangerousGetHandle(), signal, 0, (nint)flags);
        }
    }

    // All arguments fit into registers, and the numbers are the same on all architectures.
    [LibraryImport("libc", SetLastError = true)]
    private static partial nint syscall(nint number, nint first, nint second, nint third, nint fourth);

    [LibraryImport("libc")]
    private static partial int poll(ref Poll wanted, nuint count, int milliseconds);

    [StructLayout(LayoutKind.Sequential)]
    private struct Poll
    {
        public int Descriptor;
        public short Events;
        public short Happened;
    }
}
