using System.Globalization;

namespace MultiProc.Attacks.Memory;

/// <summary>What this process takes of the machine's memory while something goes on.</summary>
internal sealed class HostMemory : IAsyncDisposable
{
    /// <summary>Whatever one worker does, its host does not grow by so much.</summary>
    public const long Goal = 600L << 20;

    private readonly CancellationTokenSource _end = new();
    private readonly Task _watching;
    private readonly long _before;
    private long _most;

    public HostMemory()
    {
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        _most = _before = Now();
        _watching = Task.Factory.StartNew(Watch, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
    }

    /// <summary>By how much it has grown at most.</summary>
    public long Growth => Math.Max(Volatile.Read(ref _most), Now()) - _before;

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await _watching;
        _end.Dispose();
    }

    private static long Now()
    {
        // Its own, and its share of what others map, too.
        foreach (var line in File.ReadLines("/proc/self/smaps_rollup"))
        {
            if (line.StartsWith("Pss:", StringComparison.Ordinal))
            {
                return long.Parse(line.AsSpan(4, line.Length - 6).Trim(), CultureInfo.InvariantCulture) << 10;
            }
        }

        throw new InvalidOperationException("/proc/self/smaps_rollup has no line that begins with Pss.");
    }

    private void Watch()
    {
        while (!_end.Token.WaitHandle.WaitOne(50))
        {
            Volatile.Write(ref _most, Math.Max(_most, Now()));
        }
    }
}
