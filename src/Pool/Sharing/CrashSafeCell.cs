using System.Diagnostics;

namespace MultiProc.Sharing;

/// <summary>
/// A value in shared memory that changes atomically: readers see the former or the new one, even if the writer is
/// killed in between.
/// </summary>
/// <remarks>
/// There are two slots and a version whose lowest bit selects the valid one. A writer fills the other slot and then
/// increments the version. There is one writer at a time. Readers never wait; they retry when a writer has overtaken
/// them.
/// </remarks>
internal sealed unsafe class CrashSafeCell<T>(SharedBlock block, int offset)
    where T : unmanaged
{
    // Writers cannot overtake a reader this often, and for this long.
    private const int MaxAttempts = 100_000;
    private static readonly TimeSpan MaxRead = TimeSpan.FromSeconds(5);

    private readonly ulong* _version = (ulong*)block.At(offset);
    private readonly T* _slots = (T*)block.At(offset + sizeof(ulong));

    /// <summary>The size in bytes.</summary>
    public static long Size => sizeof(ulong) + (2L * sizeof(T));

    public T Read()
    {
        var started = 0L;
        for (var attempts = 0; ; attempts++)
        {
            if (attempts % MaxAttempts == 1)
            {
                started = started == 0 ? Stopwatch.GetTimestamp() : Stopwatch.GetElapsedTime(started) < MaxRead ? started
                    : throw block.Damaged("a version that never rests");
            }

            var version = Volatile.Read(ref *_version);
            var value = _slots[version & 1];
            Volatile.ReadBarrier();
            if (Volatile.Read(ref *_version) == version)
            {
                GC.KeepAlive(block);
                return value;
            }
        }
    }

    public void Write(T value)
    {
        var version = *_version + 1;
        Volatile.WriteBarrier(); // the previous version must be visible before its slot is overwritten
        _slots[version & 1] = value;
        Volatile.Write(ref *_version, version);
        GC.KeepAlive(block);
    }
}
