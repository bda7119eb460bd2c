using MultiProc;

namespace SharedCounter;

/// <summary>What the workers run. Static fields are per process: the initializer sets them in each worker.</summary>
public static class Counter
{
    private static SharedLock _lock = null!;
    private static SharedValue<int> _total = null!;

    /// <summary>The initializer: it is handed the lock and the value, which are the same ones in every process.</summary>
    public static void Use(SharedLock counterLock, SharedValue<int> total) => (_lock, _total) = (counterLock, total);

    /// <summary>Counts up so many times, each time reading, adding one and writing back under the lock.</summary>
    /// <returns>The process that did it.</returns>
    public static int CountUp(int times)
    {
        for (var time = 0; time < times; time++)
        {
            using (_lock.Acquire())
            {
                _total.Value++;
            }
        }

        return Environment.ProcessId;
    }

    /// <summary>Reads, waits for the others to have read the same, and adds one to what it read: what goes wrong without a lock, made certain.</summary>
    public static void CountUpUnguarded(SharedBarrier haveRead)
    {
        var read = _total.Value;
        haveRead.SignalAndWait();
        _total.Value = read + 1;
    }
}
