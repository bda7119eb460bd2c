using MultiProc.Protocol.Memory;

namespace MultiProc.Protocol.Status;

/// <summary>
/// A worker's page of shared memory: what it is doing, and which results have not been sent yet. The worker writes, the host reads at any moment -
/// also when the worker is spinning, stopped or dead. So after a crash it is known exactly which call was running and which had finished.
/// </summary>
/// <remarks>
/// It is the worker's memory: an accident in native code, or a function that means to, can put anything there. What is read is checked, and what it says is
/// held against what the host knows itself.
/// </remarks>
internal sealed unsafe class StatusPage : IDisposable
{
    // The layout is part of the protocol (docs/protocol.md); numbers in the machine's own byte order.
    private const int ExitOffset = 8;
    private const int CompletedOffset = 16;
    private const int RunTimeOffset = 24;
    private const int JournalLengthOffset = 32;
    private const int TokenOffset = 40;

    // Two copies of a StatusRecord, each in a line of the processor's cache.
    private const int FirstCopyOffset = 64;
    private const int CopyLength = 64;
    private const int SequenceOffset = 0;
    private const int UnitOffset = 8;
    private const int BegunOffset = 16;
    private const int ItemOffset = 24;
    private const int FlagsOffset = 28;
    private const int CheckOffset = 32;

    private const int JournalOffset = FirstCopyOffset + (2 * CopyLength);
    private const int Size = 1 << 16;

    private const int IsDecodedFlag = 1;
    private const long FirstSequence = 1;

    // Before an exit code, so that no page of equal bytes claims an exit.
    private const long ExitMark = 0x4558_4954_0000_0000;

    // While the worker writes one copy the other is whole; it can only overtake a reader that was interrupted.
    private const int MaxReads = 100;

    private readonly SharedMemory _memory;
    private long _sequence = FirstSequence;

    private StatusPage(SharedMemory memory) => _memory = memory;

    /// <summary>How many bytes of results the journal holds.</summary>
    public static int JournalCapacity => Size - JournalOffset;

    public string Handle => _memory.Handle;

    /// <summary>Items that have ended, in whatever way, by the worker's account.</summary>
    public long Completed => Volatile.Read(ref Int64At(CompletedOffset));

    /// <summary>How long units have run in all, those that have ended, by the worker's account: ticks of <see cref="System.Diagnostics.Stopwatch"/>.</summary>
    public long RunTime => Volatile.Read(ref Int64At(RunTimeOffset));

    /// <summary>The code with which the process claims to leave of its own will; null while it does not.</summary>
    public int? ExitCode => Volatile.Read(ref Int64At(ExitOffset)) is var exit && (exit & ~(long)uint.MaxValue) == ExitMark ? unchecked((int)exit) : null;

    /// <summary>The results that were finished but not sent.</summary>
    public ReadOnlySpan<byte> Journal => new(_memory.Pointer + JournalOffset, Math.Clamp(Volatile.Read(ref Int32At(JournalLengthOffset)), 0, JournalCapacity));

    /// <summary>The room for results; what counts of it is set by <see cref="CommitJournal"/>.</summary>
    public Span<byte> JournalBuffer => new(_memory.Pointer + JournalOffset, JournalCapacity);

    /// <summary>The host makes a page on which nothing is running.</summary>
    public static StatusPage Create()
    {
        var page = new StatusPage(SharedMemory.Create(Size));
        page.Write(FirstSequence, unit: 0, begun: 0, item: 0, IsDecodedFlag);
        return page;
    }

    public static StatusPage Attach(string handle) => new(SharedMemory.Attach(handle));

    /// <summary>What is running; null when neither copy is whole.</summary>
    public StatusRecord? Read()
    {
        for (var i = 0; i < MaxReads; i++)
        {
            var (first, second) = (ReadCopy(0), ReadCopy(1));
            if ((second is null || first?.Sequence > second.Value.Sequence ? first : second) is { } latest)
            {
                return latest;
            }
        }

        return null;
    }

    /// <summary>Whether the function was handed its token while this item ran.</summary>
    public bool IsTokenTaken(long unit, int item) => Volatile.Read(ref Int64At(TokenOffset)) == TokenMark(unit, item);

    /// <summary>The worker begins an item. The result of the one before it must be in the journal, or sent.</summary>
    /// <param name="unit">Its unit.</param>
    /// <param name="item">Its number.</param>
    /// <param name="timestamp">The time.</param>
    /// <param name="isDecoded">Whether its time limit, if it has one, runs already; else <see cref="StartClock"/> follows.</param>
    public void Begin(long unit, int item, long timestamp, bool isDecoded) =>
        Write(++_sequence, unit, timestamp, item, isDecoded ? IsDecodedFlag : 0);

    /// <summary>The item's arguments are decoded: from now on it is the function that runs.</summary>
    public void StartClock(long unit, int item, long timestamp) => Write(++_sequence, unit, timestamp, item, IsDecodedFlag);

    /// <summary>The function gets its token. On any thread.</summary>
    public void NoteToken(long unit, int item) => Volatile.Write(ref Int64At(TokenOffset), TokenMark(unit, item));

    /// <summary>The worker has ended an item.</summary>
    public void CountItem() => Int64At(CompletedOffset)++;

    /// <summary>A unit's last item has ended after so long; its result is about to be in the journal, or sent.</summary>
    public void CountUnit(long ticks) => Int64At(RunTimeOffset) += ticks;

    /// <summary>The unit's last result is in the journal, or sent.</summary>
    public void EndUnit() => Write(++_sequence, unit: 0, begun: 0, item: 0, IsDecodedFlag);

    /// <summary>The first <paramref name="length"/> bytes of <see cref="JournalBuffer"/> count.</summary>
    public void CommitJournal(int length) => Volatile.Write(ref Int32At(JournalLengthOffset), length);

    /// <summary>The process leaves of its own will.</summary>
    public void NoteExit(int code) => Volatile.Write(ref Int64At(ExitOffset), ExitMark | (uint)code);

    public void Dispose() => _memory.Dispose();

    private static long TokenMark(long unit, int item) => unchecked((long)StatusRecord.CheckOf(0, unit, 0, item, IsDecodedFlag));

    // In this order on every processor: when this process is killed between two writes, the other copy is whole.
    private void Write(long sequence, long unit, long begun, int item, int flags)
    {
        var copy = _memory.Pointer + FirstCopyOffset + ((int)(sequence & 1) * CopyLength);
        Volatile.Write(ref *(long*)(copy + SequenceOffset), sequence);
        Volatile.Write(ref *(long*)(copy + UnitOffset), unit);
        Volatile.Write(ref *(long*)(copy + BegunOffset), begun);
        Volatile.Write(ref *(int*)(copy + ItemOffset), item);
        Volatile.Write(ref *(int*)(copy + FlagsOffset), flags);
        Volatile.Write(ref *(ulong*)(copy + CheckOffset), StatusRecord.CheckOf(sequence, unit, begun, item, flags));
    }

    private StatusRecord? ReadCopy(int which)
    {
        var copy = _memory.Pointer + FirstCopyOffset + (which * CopyLength);
        var check = Volatile.Read(ref *(ulong*)(copy + CheckOffset));
        var sequence = Volatile.Read(ref *(long*)(copy + SequenceOffset));
        var unit = Volatile.Read(ref *(long*)(copy + UnitOffset));
        var begun = Volatile.Read(ref *(long*)(copy + BegunOffset));
        var item = Volatile.Read(ref *(int*)(copy + ItemOffset));
        var flags = Volatile.Read(ref *(int*)(copy + FlagsOffset));
        return check == StatusRecord.CheckOf(sequence, unit, begun, item, flags)
            ? new StatusRecord(sequence, unit, begun, item, (flags & IsDecodedFlag) != 0)
            : null;
    }

    private ref int Int32At(int offset) => ref *(int*)(_memory.Pointer + offset);

    private ref long Int64At(int offset) => ref *(long*)(_memory.Pointer + offset);
}
