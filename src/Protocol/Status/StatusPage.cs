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
    public long Unit => Volatile.Read(ref Int64At(UnitOffset));

    /// <summary>The item that is running.</summary>
    public int Item => Volatile.Read(ref Int32At(ItemOffset));

    /// <summary>When the running item began, as <see cref="System.Diagnostics.Stopwatch.GetTimestamp"/>, whose clock all processes share.</summary>
    public long Begun => Volatile.Read(ref Int64At(BegunOffset));

    /// <summary>Items that have ended, in whatever way.</summary>
    public long Completed => Volatile.Read(ref Int64At(CompletedOffset));

    /// <summary>How long units have run in all, those that have ended: ticks of the same clock.</summary>
    public long RunTime => Volatile.Read(ref Int64At(RunTimeOffset));

    /// <summary>The code with which the process is leaving of its own will; null while it is not.</summary>
    public int? ExitCode => Volatile.Read(ref Int32At(ExitingOffset)) == 0 ? null : Int32At(ExitCodeOffset);

    /// <summary>The results that were finished but not sent.</summary>
    public ReadOnlySpan<byte> Journal => new(_memory.Pointer + JournalOffset, Math.Clamp(Volatile.Read(ref Int32At(JournalLengthOffset)), 0, JournalCapacity));

    /// <summary>The room for results; what counts of it is set by <see cref="CommitJournal"/>.</summary>
    public Span<byte> JournalRoom => new(_memory.Pointer + JournalOffset, JournalCapacity);

    public static StatusPage Create() => new(SharedMemory.Create(Size));

    public static StatusPage Attach(string handle) => new(SharedMemory.Attach(handle));

    /// <summary>The worker begins a unit. The id is written last: whoever sees it sees the rest.</summary>
    public void BeginUnit(long id, int item, long timestamp)
    {
        Int32At(ItemOffset) = item;
        Int64At(BegunOffset) = timestamp;
        Volatile.Write(ref Int64At(UnitOffset), id);
    }

    /// <summary>The worker goes on to the next item of the unit. The previous item's result must be in the journal, or sent.</summary>
    public void BeginItem(int item, long timestamp)
    {
        Int64At(BegunOffset) = timestamp;
        Volatile.Write(ref Int32At(ItemOffset), item);
    }

    /// <summary>The worker has ended an item.</summary>
    public void CountItem() => Int64At(CompletedOffset)++;

    /// <summary>A unit's last item has ended after so long; its result is about to be in the journal, or sent.</summary>
    public void CountUnit(long ticks) => Int64At(RunTimeOffset) += ticks;

    /// <summary>The unit's last result is in the journal, or sent.</summary>
    public void EndUnit() => Volatile.Write(ref Int64At(UnitOffset), 0);

    /// <summary>The first <paramref name="length"/> bytes of <see cref="JournalRoom"/> count.</summary>
    public void CommitJournal(int length) => Volatile.Write(ref Int32At(JournalLengthOffset), length);

    /// <summary>The process leaves of its own will.</summary>
    public void NoteExit(int code)
    {
        Int32At(ExitCodeOffset) = code;
        Volatile.Write(ref Int32At(ExitingOffset), 1);
    }

    public void Dispose() => _memory.Dispose();

    private ref int Int32At(int offset) => ref *(int*)(_memory.Pointer + offset);

    private ref long Int64At(int offset) => ref *(long*)(_memory.Pointer + offset);
}
