using System.Runtime.InteropServices;

namespace MultiProc.Sharing;

/// <summary>A wait until another process changes a word: the kernel's futex on Linux, polling elsewhere.</summary>
internal static unsafe partial class Futex
{
    private const int WaitOperation = 0;
    private const int WakeOperation = 1;
    private const int MaxPoll = 10;

    private static readonly nint SystemCall = !OperatingSystem.IsLinux() ? 0 : RuntimeInformation.ProcessArchitecture switch
    {
        Architecture.X64 => 202,
        Architecture.Arm64 => 98,
        _ => 0,
    };

    /// <summary>
    /// Returns when the word no longer equals <paramref name="expected"/> and a wake followed, when the time is up, or
    /// spuriously.
    /// </summary>
    public static void Wait(int* word, int expected, int milliseconds)
    {
        if (SystemCall != 0)
        {
            var timeout = new TimeSpecification { Seconds = milliseconds / 1000, Nanoseconds = milliseconds % 1000 * 1_000_000 };
            _ = syscall(SystemCall, word, WaitOperation, expected, &timeout, 0, 0);
            return;
        }

        var until = Environment.TickCount64 + milliseconds;
        for (var pause = 1; Volatile.Read(ref *word) == expected && Environment.TickCount64 < until; pause = Math.Min(2 * pause, MaxPoll))
        {
            Thread.Sleep(pause);
        }
    }

    /// <summary>Wakes up to <paramref name="count"/> waiters, the longest waiting first.</summary>
    public static void Wake(int* word, int count)
    {
        if (SystemCall != 0)
        {
            _ = syscall(SystemCall, word, WakeOperation, count, null, 0, 0);
        }
    }

    [LibraryImport("libc", SetLastError = true)]
    private static partial nint syscall(nint number, int* word, nint operation, nint value, TimeSpecification* timeout, nint word2, nint value3);

    private struct TimeSpecification
    {
        public nint Seconds;
        public nint Nanoseconds;
    }
}
