using System.Runtime.CompilerServices;
using MultiProc.Protocol.Memory;

namespace MultiProc.Protocol.Status;

/// <summary>
/// A worker's page of shared memory: what it is doing, and which results have not been sent yet. The worker writes, the host reads at any moment -
/// also when the worker is spinning, stopped or dead. So after a crash it is known exactly which call was running and which had finished.
/// </summary>
internal sealed unsafe class StatusPage : IDisposable
{
    // The layout is part of the protocol (docs/protocol.md); numbers in the machine's own byte order.
    private const int UnitOffset = 8;
    private const int ItemOffset = 16;
    private const int ExitingOffset = 20;
    private const int ExitCodeOffset = 24;
    private const int BegunOffset = 32;
    private const int CompletedOffset = 40;
    private const int JournalLengthOffset = 48;
    private const int RunTimeOffset = 56;
    private const int JournalOffset = 64;
    private const int Size = 1 << 16;

    private readonly SharedMemory _memory;

    private StatusPage(SharedMemory memory) => _memory = memory;

    /// <summary>How many bytes of results the journal holds.</summary>
    public static int JournalCapacity => Size - JournalOffset;

    public string Handle => _memory.Handle;

    /// <summary>The unit that is running; 0: none.</summary>
    public long Unit => Volatile.Read(ref At<long>(UnitOffset));

    /// <summary>The item that is running.</summary>
    public int Item => Volatile.Read(ref At<int>(ItemOffset));

    /// <summary>When the running item began, as <see cref="System.Diagnostics.Stopwatch.GetTimestamp"/>, whose clock all processes share.</summary>
    public long Begun => Volatile.Read(ref At<long>(BegunOffset));

    /// <summary>Items that have ended, in whatever way.</summary>
    public long Completed => Volatile.Read(ref At<long>(CompletedOffset));

    /// <summary>How long units have run in all, those that have ended: ticks of the same clock.</summary>
    public long RunTime => Volatile.Read(ref At<long>(RunTimeOffset));

    /// <summary>The code with which the process is leaving of its own will; null while it is not.</summary>
    public int? ExitCode => Volatile.Read(ref At<int>(ExitingOffset)) == 0 ? null : At<int>(ExitCodeOffset);

    /// <summary>The results that were finished but not sent.</summary>
    public ReadOnlySpan<byte> Journal => new(_memory.Pointer + JournalOffset, Math.Clamp(Volatile.Read(ref At<int>(JournalLengthOffset)), 0, JournalCapacity));

    /// <summary>The room for results; what counts of it is set by <see cref="CommitJournal"/>.</summary>
    public Span<byte> JournalRoom => new(_memory.Pointer + JournalOffset, JournalCapacity);

    public static StatusPage Create() => new(SharedMemory.Create(Size));

    public static StatusPage Attach(string handle) => new(SharedMemory.Attach(handle));

    /// <summary>The worker begins a unit. The id is written last: whoever sees it sees the rest.</summary>
    public void BeginUnit(long id, int item, long timestamp)
    {
        At<int>(ItemOffset) = item;
        At<long>(BegunOffset) = timestamp;
        Volatile.Write(ref At<long>(UnitOffset), id);
    }

    /// <summary>The worker goes on to the next item of the unit. The previous item's result must be in the journal, or sent.</summary>
    public void BeginItem(int item, long timestamp)
    {
        At<long>(BegunOffset) = timestamp;
        Volatile.Write(ref At<int>(ItemOffset), item);
    }

    /// <summary>The worker has ended an item.</summary>
    public void CountItem() => At<long>(CompletedOffset)++;

    /// <summary>A unit's last item has ended after so long; its result is about to be in the journal, or sent.</summary>
    public void CountUnit(long ticks) => At<long>(RunTimeOffset) += ticks;

    /// <summary>The unit's last result is in the journal, or sent.</summary>
    public void EndUnit() => Volatile.Write(ref At<long>(UnitOffset), 0);

    /// <summary>The first <paramref name="length"/> bytes of <see cref="JournalRoom"/> count.</summary>
    public void CommitJournal(int length) => Volatile.Write(ref At<int>(JournalLengthOffset), length);

    /// <summary>The process leaves of its own will.</summary>
    public void NoteExit(int code)
    {
        At<int>(ExitCodeOffset) = code;
        Volatile.Write(ref At<int>(ExitingOffset), 1);
    }

    public void Dispose() => _memory.Dispose();

    private ref T At<T>(int offset)
        where T : unmanaged => ref Unsafe.AsRef<T>(_memory.Pointer + offset);
}
