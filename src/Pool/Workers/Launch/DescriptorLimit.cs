using System.ComponentModel;
using System.Globalization;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace MultiProc.Workers.Launch;

/// <summary>
/// The limit of file descriptors of this process. When they run out, whatever needs one next fails, and seldom with a
/// message that says so: often an assembly of the framework "cannot be found".
/// </summary>
internal static partial class DescriptorLimit
{
    private const int OpenFiles = 7;
    private const int TooManyInProcess = 24;
    private const int TooManyInSystem = 23;

    // The first pool of a process needs more until it has ended: its control pipe, and the assemblies that are loaded
    // for it and stay open.
    private const int ForFirstPool = 72;
    private const int ForPool = 6;

    // Two pipes, a socket, two shared memory files and the process itself. During the start, also the other ends of
    // three pipes.
    private const int ForWorker = 6;
    private const int ForStart = 8;

    // A worker inherits the limit. It needs descriptors for its runtime, its assemblies and what it inherits.
    private const int NeededByWorker = 72;

    private static volatile bool _hasStarted;

    /// <summary>
    /// Checks whether a pool of this many workers will run out of descriptors. Returns the exception to throw; null:
    /// there are enough.
    /// </summary>
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

    /// <summary>Notes that a pool has been started: what all pools share is loaded.</summary>
    public static void NoteStarted() => _hasStarted = true;

    /// <summary>
    /// Explains a failure that a lack of descriptors may have caused, with a leading space; empty: that was not the
    /// cause.
    /// </summary>
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

    // Without descriptors an existing assembly "cannot be found", and starting a thread, for which .NET needs two,
    // throws OutOfMemoryException.
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
            // No descriptor is left to list them with.
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
