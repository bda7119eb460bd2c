using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace MultiProc.Specs.Kit;

/// <summary>Every way in which a function can end its process. None of them returns.</summary>
public static class Crash
{
    public static void Exit() => Environment.Exit(3);

    public static void FailFast() => Environment.FailFast("the function gives up");

    public static void OverflowStack() => _ = Recurse(0);

    public static void Segfault()
    {
        // Not the null reference that the runtime would turn into an exception: native code that writes where nothing is.
        _ = memset(0x100000, 1, 8);
        Thread.Sleep(Timeout.Infinite);
    }

    /// <summary>Where no call can be told: on a thread of its own. The pool must limit the heap, or the whole machine runs out.</summary>
    public static void RunOutOfMemory()
    {
        new Thread(static () =>
        {
            for (var all = new List<byte[]>(); ;)
            {
                all.Add(new byte[1 << 20]);
            }
        }).Start();
        Thread.Sleep(Timeout.Infinite);
    }

    public static void Sigkill() => Raise(Posix.Kill);

    public static void Sigterm() => Raise(Posix.Terminate);

    public static void Abort() => abort();

    public static void ThrowOnBackgroundThread()
    {
        new Thread(static () => throw new InvalidOperationException("nobody catches this")).Start();
        Thread.Sleep(Timeout.Infinite);
    }

    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.NoOptimization)]
    [SuppressMessage("Blocker Bug", "S2190", Justification = "That is the point.")]
    private static int Recurse(int depth) => Recurse(depth + 1) + 1;

    private static void Raise(int signal)
    {
        Posix.Signal(Environment.ProcessId, signal);
        Thread.Sleep(Timeout.Infinite);
    }

    [DllImport("libc")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern nint memset(nint address, int value, nint count);

    [DllImport("libc")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern void abort();
}
