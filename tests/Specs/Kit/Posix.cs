using System.Runtime.InteropServices;

namespace MultiProc.Specs.Kit;

/// <summary>Signals to processes, and what else the platform's own library does.</summary>
internal static partial class Posix
{
    public const int Kill = 9;
    public const int Terminate = 15;
    public const int Continue = 18;
    public const int Stop = 19;

    /// <summary>Sends a signal; one to a process that has ended does nothing.</summary>
    public static void Signal(int process, int signal)
    {
        // 0 is what a slot has while no process is in it; for the operating system it is the sender's own group.
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(process);
        _ = kill(process, signal);
    }

    public static void Close(int descriptor) => _ = close(descriptor);

    public static void Write(int descriptor, byte[] bytes) => _ = write(descriptor, bytes, bytes.Length);

    [LibraryImport("libc")]
    private static partial nint write(int descriptor, byte[] bytes, nint count);

    [LibraryImport("libc")]
    private static partial int close(int descriptor);

    [LibraryImport("libc")]
    private static partial int kill(int process, int signal);
}
