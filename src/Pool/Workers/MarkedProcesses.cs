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
/// Finds the processes that workers have started by the mark in their environment, and kills them: those that have left the worker's process group, and whose
/// parent is gone, are known by nothing else. One scan at <c>/proc</c> serves all who ask at the same time. Thread-safe.
/// </summary>
/// <remarks>What has cleared its environment, belongs to another user or is invisible to this process is not found.</remarks>
[SupportedOSPlatform("linux")]
internal static partial class MarkedProcesses
{
    private const int SignalKill = 9;
    private const int CloseOnExec = 0x80000;

    // A worker that has ended soon gives back what a thread needs.
    private const int MaxStartAttempts = 40;
    private static readonly TimeSpan StartInterval = TimeSpan.FromMilliseconds(50);

    // A process may start others while it is looked for; one that does nothing else is not hunted for ever.
    private const int MaxRounds = 20;

    // Workers of a worker that is gone end by themselves, and remove their files. They are abandoned the time for it.
    private static readonly TimeSpan NestedTimeout = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan EndTimeout = TimeSpan.FromMilliseconds(500);

    private static readonly byte[] Variable = [0, .. Encoding.ASCII.GetBytes(EnvironmentNames.Mark), (byte)'='];
    private static readonly Lock Gate = new();
    private static List<byte[]> _pendingMarks = [];
    private static TaskCompletionSource<bool>? _nextScan;
    private static bool _isScanning;

    /// <summary>Kills all processes that carry a mark.</summary>
    /// <param name="mark">A whole mark; or the beginning of many, which ends with a full stop.</param>
    /// <param name="tryStart">Starts the thread that looks for them; null: as usual.</param>
    /// <returns>
    /// Completes with true when there is none left that this process may kill; with false when they could not be looked for: no thread could be started for some seconds, or
    /// there is no way to read <c>/proc</c>. Never fails.
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

    // Not in the thread pool: it may be full of callers who block.
    private static bool TryStart(ThreadStart scan)
    {
        try
        {
            new Thread(scan) { Name = "mp-leftovers", IsBackground = true }.UnsafeStart();
            return true;
        }
        catch (OutOfMemoryException)
        {
            // Also where no descriptors are left: .NET needs two to start a thread.
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

    /// <summary>The processes with one of these marks. Nested is what another pool's worker has started: a pool in a worker of these.</summary>
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

            // What was seen may have been another process with the same number. From here on it cannot be.
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

    /// <summary>Whether the match is in an outer place of the process's mark; null: there is none.</summary>
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

    // By the system's own calls: most processes of a machine are others', and an exception for each would take longer than the rest.
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
