using System.Buffers;
using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using System.Text;
using MultiProc.Diagnostics;
using MultiProc.Protocol.Control;
using MultiProc.Protocol.Launch;

namespace MultiProc.Workers;

/// <summary>
/// Finds and kills processes that workers have started, by the mark in their environment. Processes that have left the
/// worker's group, and whose parent is gone, cannot be found in any other way. One scan of <c>/proc</c> serves all
/// requests that wait for it. Thread-safe.
/// </summary>
/// <remarks>
/// A process is not found if it has cleared its environment, belongs to another user or is invisible to this process.
/// </remarks>
[SupportedOSPlatform("linux")]
internal static partial class MarkedProcesses
{
    private const int SignalKill = 9;
    private const int CloseOnExec = 0x80000;

    // A worker that has just ended gives back the resources that a thread needs, so starting one is retried.
    private const int MaxStartAttempts = 40;
    private static readonly TimeSpan StartInterval = TimeSpan.FromMilliseconds(50);

    // A process may start others during the scan. The number of rounds is limited, for a process that does nothing
    // else.
    private const int MaxRounds = 20;

    // Nested workers end by themselves when their host is gone, and remove their files. They get time for it.
    private static readonly TimeSpan NestedTimeout = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan EndTimeout = TimeSpan.FromMilliseconds(500);

    private static readonly byte[] Variable = [0, .. Encoding.ASCII.GetBytes(EnvironmentNames.Mark), (byte)'='];
    private static readonly Lock Gate = new();
    private static List<byte[]> _pendingMarks = [];
    private static TaskCompletionSource<bool>? _nextScan;
    private static bool _isScanning;

    /// <summary>Kills all processes that carry a mark.</summary>
    /// <param name="mark">A whole mark, or a prefix of many, which ends with a full stop.</param>
    /// <param name="tryStart">Starts the scanning thread; null: in the default way.</param>
    /// <returns>
    /// Completes with true when no process is left that this process may kill. Completes with false when no scan was
    /// possible: no thread could be started for some seconds, or <c>/proc</c> cannot be read. Never fails.
    /// </returns>
    public static Task<bool> KillAsync(string mark, Func<ThreadStart, bool>? tryStart = null)
    {
        lock (Gate)
        {
            _pendingMarks.Add(Encoding.ASCII.GetBytes(mark));
            _nextScan ??= new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
            var done = _nextScan.Task;
            if (!_isScanning)
            {
                _isScanning = true;
                tryStart ??= TryStart;
                if (!tryStart(Scan))
                {
                    _ = RetryStartAsync(tryStart);
                }
            }

            return done;
        }
    }

    // Not on the thread pool: it may be full of callers that block.
    private static bool TryStart(ThreadStart scan)
    {
        try
        {
            new Thread(scan) { Name = "mp-leftovers", IsBackground = true }.UnsafeStart();
            return true;
        }
        catch (OutOfMemoryException)
        {
            // This is also thrown when no descriptors are left: .NET needs two to start a thread.
            return false;
        }
    }

    private static async Task RetryStartAsync(Func<ThreadStart, bool> tryStart)
    {
        for (var tries = 0; tries < MaxStartAttempts; tries++)
        {
            await Task.Delay(StartInterval).ConfigureAwait(false);
            if (tryStart(Scan))
            {
                return;
            }
        }

        TaskCompletionSource<bool>? abandoned;
        lock (Gate)
        {
            (_pendingMarks, abandoned, _nextScan, _isScanning) = ([], _nextScan, null, false);
        }

        abandoned?.SetResult(false);
    }

    private static void Scan()
    {
        while (true)
        {
            List<byte[]> marks;
            TaskCompletionSource<bool> done;
            lock (Gate)
            {
                if (_nextScan is null)
                {
                    _isScanning = false;
                    return;
                }

                (marks, _pendingMarks, done, _nextScan) = (_pendingMarks, [], _nextScan, null);
            }

            var hasScanned = true;
            try
            {
                KillAll(marks);
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                // There is no /proc any more, or no descriptor to read it with.
                hasScanned = false;
            }

            done.SetResult(hasScanned);
        }
    }

    private static void KillAll(List<byte[]> marks)
    {
        var allowsGrace = true;
        for (var round = 0; round < MaxRounds; round++)
        {
            var found = Find(marks);
            if (found.Count == 0)
            {
                return;
            }

            var began = Stopwatch.GetTimestamp();
            var hasKilledNested = false;
            foreach (var (process, isNested) in found)
            {
                if (!isNested || !allowsGrace || !process.EndsWithin(NestedTimeout - Stopwatch.GetElapsedTime(began)))
                {
                    process.Signal(SignalKill);
                    hasKilledNested |= isNested;
                }
            }

            foreach (var (process, _) in found)
            {
                process.EndsWithin(EndTimeout);
                process.Dispose();
                DiagnosticFiles.Delete(process.ProcessId);
            }

            allowsGrace = false;
            if (hasKilledNested)
            {
                // They would have removed the control pipe of their pool.
                ControlAddress.RemoveStale();
            }
        }
    }

    /// <summary>
    /// Finds the processes with one of these marks. A process is nested if a worker of another pool has started it, and
    /// that pool lives in one of these workers.
    /// </summary>
    private static List<(ProcessDescriptor Process, bool IsNested)> Find(List<byte[]> marks)
    {
        List<(ProcessDescriptor Process, bool IsNested)> found = [];
        foreach (var path in Directory.EnumerateDirectories("/proc"))
        {
            if (!int.TryParse(path.AsSpan("/proc/".Length), NumberStyles.None, CultureInfo.InvariantCulture, out var id)
                || id == Environment.ProcessId || MatchOf(path, marks) is null)
            {
                continue;
            }

            // The number may have passed to another process since the first check. The descriptor pins the process, so
            // the check is repeated.
            if (ProcessDescriptor.TryOpen(id) is { } process)
            {
                if (MatchOf(path, marks) is { } isNested)
                {
                    found.Add((process, isNested));
                }
                else
                {
                    process.Dispose();
                }
            }
        }

        return found;
    }

    /// <summary>Whether the match is with an outer part of the process's mark; null: no match.</summary>
    private static bool? MatchOf(string process, List<byte[]> marks)
    {
        var bytes = ArrayPool<byte>.Shared.Rent(1 << 16);
        try
        {
            var length = Read(process + "/environ", ref bytes);
            var environment = bytes.AsSpan(0, length);
            var begin = environment.StartsWith(Variable.AsSpan(1)) ? Variable.Length - 1 : environment.IndexOf(Variable) is var at and >= 0 ? at + Variable.Length : -1;
            if (begin < 0)
            {
                return null;
            }

            var value = environment[begin..];
            value = value.IndexOf((byte)0) is var end and >= 0 ? value[..end] : value;
            var isNested = false;
            while (!value.IsEmpty)
            {
                var separator = value.LastIndexOf((byte)':');
                if (IsOneOf(value[(separator + 1)..], marks))
                {
                    return isNested;
                }

                isNested = true;
                value = separator < 0 ? [] : value[..separator];
            }

            return null;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(bytes);
        }
    }

    private static bool IsOneOf(ReadOnlySpan<byte> mark, List<byte[]> marks)
    {
        foreach (var wanted in marks)
        {
            if (wanted[^1] == (byte)'.' ? mark.StartsWith(wanted) : mark.SequenceEqual(wanted))
            {
                return true;
            }
        }

        return false;
    }

    // Uses the system calls directly: most processes of a machine belong to other users, and an exception for each
    // would take longer than everything else.
    private static int Read(string path, ref byte[] bytes)
    {
        var descriptor = open(path, CloseOnExec);
        if (descriptor < 0)
        {
            return 0;
        }

        var length = 0;
        while (read(descriptor, bytes.AsSpan(length), bytes.Length - length) is var count and > 0)
        {
            length += (int)count;
            if (length == bytes.Length)
            {
                var larger = ArrayPool<byte>.Shared.Rent(2 * length);
                bytes.CopyTo(larger, 0);
                ArrayPool<byte>.Shared.Return(bytes);
                bytes = larger;
            }
        }

        _ = close(descriptor);
        return length;
    }

    [LibraryImport("libc", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int open(string path, int flags);

    [LibraryImport("libc")]
    private static partial nint read(int descriptor, Span<byte> bytes, nint count);

    [LibraryImport("libc")]
    private static partial int close(int descriptor);
}
