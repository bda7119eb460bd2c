using System.ComponentModel;
using System.Globalization;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace MultiProc.Workers.Launch;

/// <summary>
/// How many descriptors this process may have open. Where they run out, whatever needs one next fails, and seldom with a message that says so: often an assembly
/// of the framework "cannot be found".
/// </summary>
internal static partial class DescriptorLimit
{
    private const int OpenFiles = 7;
    private const int TooManyInProcess = 24;
    private const int TooManyInSystem = 23;

    // What the first pool of a process opens beside its workers until it has ended: its control pipe, and the assemblies that are loaded for it, which stay open.
    private const int ForFirstPool = 72;
    private const int ForPool = 6;

    // Two pipes, a socket, shared memory twice and the process itself; while it starts, the other ends of three pipes too.
    private const int ForWorker = 6;
    private const int ForStart = 8;

    // A worker inherits the limit: for its runtime, its assemblies and what it inherits.
    private const int NeededByWorker = 72;

    private static volatile bool _hasStarted;

    /// <summary>What to fail with if a pool of so many workers will not find the descriptors that it needs; null: it will.</summary>
    public static WorkerStartException? Shortage(int workers)
    {
        if (workers <= 0 || !OperatingSystem.IsLinux() || Limit() is not { } limit || CountOpen() is not { } open)
        {
            return null;
        }

        var needed = Math.Max(NeededByWorker, open + ForStart + (ForWorker * (long)workers) + (_hasStarted ? ForPool : ForFirstPool));
        return limit >= needed ? null : new WorkerStartException(
            $"There are too few file descriptors for a pool of {Format(workers)} workers: this process may open {Format(limit)} (RLIMIT_NOFILE) and has {Format(open)} open; "
            + $"about {Format(needed)} are needed. {Advice}");
    }

    /// <summary>A pool has been started: what all pools share is loaded.</summary>
    public static void NoteStarted() => _hasStarted = true;

    /// <summary>What to tell about a failure that a lack of descriptors may have caused, with a space before it; empty: it did not.</summary>
    public static string Explain(Exception exception)
    {
        for (var cause = exception; cause is not null; cause = cause.InnerException)
        {
            if (cause is Win32Exception { NativeErrorCode: TooManyInProcess or TooManyInSystem } or SocketException { SocketErrorCode: SocketError.TooManyOpenSockets }
                || (cause is IOException && (cause.HResult is TooManyInProcess or TooManyInSystem || IsAboutAssembly(cause)) && IsExhausted())
                || (cause is OutOfMemoryException && IsExhausted()))
            {
                return " " + Describe();
            }
        }

        return "";
    }

    private const string Advice = "Raise the limit: ulimit -n in a shell, LimitNOFILE= of a systemd unit, --ulimit nofile= of a container; or start fewer workers.";

    // An assembly that is there "cannot be found", and a thread, for which .NET needs two, fails "for want of memory".
    private static bool IsAboutAssembly(Exception exception) => exception is FileNotFoundException or FileLoadException;

    private static bool IsExhausted() => Limit() is { } limit && (CountOpen() ?? limit) >= limit - 2;

    private static string Describe() => Limit() is { } limit
        ? $"The file descriptors have run out: this process may open {Format(limit)} (RLIMIT_NOFILE) and has {Format(CountOpen() ?? limit)} open. {Advice}"
        : $"The file descriptors have run out. {Advice}";

    private static string Format(long number) => number.ToString(CultureInfo.InvariantCulture);

    private static long? Limit() =>
        OperatingSystem.IsLinux() && getrlimit(OpenFiles, out var limit) == 0 && limit.Current <= int.MaxValue ? (long)limit.Current : null;

    private static int? CountOpen()
    {
        try
        {
            return Directory.GetFileSystemEntries("/proc/self/fd").Length;
        }
        catch (IOException exception) when (exception.HResult == TooManyInProcess)
        {
            // None is left to look with.
            return Limit() is { } limit ? (int)limit : null;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    [LibraryImport("libc")]
    private static partial int getrlimit(int resource, out ResourceLimit limit);

    [StructLayout(LayoutKind.Sequential)]
    private struct ResourceLimit
    {
        public ulong Current;
        public ulong Maximum;
    }
}
