using MultiProc.Protocol.Memory;

namespace MultiProc.Protocol.Status;

/// <summary>
/// A worker's page of shared memory with the running item and the results that have not been sent yet. The worker
/// writes it; the host reads it at any time, even when the worker is spinning, stopped or dead. So after a crash it is
/// known exactly which call was running and which had finished.
/// </summary>
/// <remarks>
/// The page belongs to the worker: an accident in native code, or a malicious function, can write anything there. So
/// everything that is read is validated, and compared with what the host knows itself.
/// </remarks>
internal sealed unsafe class StatusPage : IDisposable
{
    // The layout is part of the protocol (docs/protocol.md); numbers in the machine's own byte order.
    private const int ExitOffset = 8;
    private const int CompletedOffset = 16;
    private const int RunTimeOffset = 24;
    private const int JournalLengthOffset = 32;
    private const int TokenOffset = 40;

    // Two copies of a StatusRecord, each in its own cache line.
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

    // The tag of an exit code, so that no page of equal bytes claims an exit.
    private const long ExitMark = 0x4558_4954_0000_0000;

    // While the worker writes one copy the other is whole. It can overtake only a reader that was interrupted.
    private const int MaxReads = 100;

    private readonly SharedMemory _memory;
    private long _sequence = FirstSequence;

    private StatusPage(SharedMemory memory) => _memory = memory;

    /// <summary>The size of the journal in bytes.</summary>
    public static int JournalCapacity => Size - JournalOffset;

    public string Handle => _memory.Handle;

    /// <summary>The number of items that have ended, in whatever way, as claimed by the worker.</summary>
    public long Completed => Volatile.Read(ref Int64At(CompletedOffset));

    /// <summary>
    /// The total running time of all units that have ended, in <see cref="System.Diagnostics.Stopwatch"/> ticks, as
    /// claimed by the worker.
    /// </summary>
    public long RunTime => Volatile.Read(ref Int64At(RunTimeOffset));

    /// <summary>The exit code with which the process claims to exit regularly; null: it does not.</summary>
    public int? ExitCode => Volatile.Read(ref Int64At(ExitOffset)) is var exit && (exit & ~(long)uint.MaxValue) == ExitMark ? unchecked((int)exit) : null;

    /// <summary>The finished results that have not been sent.</summary>
    public ReadOnlySpan<byte> Journal => new(_memory.Pointer + JournalOffset, Math.Clamp(Volatile.Read(ref Int32At(JournalLengthOffset)), 0, JournalCapacity));

    /// <summary>The journal's memory. <see cref="CommitJournal"/> sets how much of it is valid.</summary>
    public Span<byte> JournalBuffer => new(_memory.Pointer + JournalOffset, JournalCapacity);

    /// <summary>Creates a page on which nothing is running. For the host.</summary>
    public static StatusPage Create()
    {
        var page = new StatusPage(SharedMemory.Create(Size));
        page.Write(FirstSequence, unit: 0, begun: 0, item: 0, IsDecodedFlag);
        return page;
    }

    public static StatusPage Attach(string handle) => new(SharedMemory.Attach(handle));

    /// <summary>Reads the running item; null when neither copy is whole.</summary>
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

    /// <summary>Whether the function got its token while this item ran.</summary>
    public bool IsTokenTaken(long unit, int item) => Volatile.Read(ref Int64At(TokenOffset)) == TokenMark(unit, item);

    /// <summary>Writes that an item begins. The result of the previous item must be in the journal, or sent.</summary>
    /// <param name="unit">The unit.</param>
    /// <param name="item">The item.</param>
    /// <param name="timestamp">The current timestamp.</param>
    /// <param name="isDecoded">
    /// Whether its time limit, if it has one, runs already; otherwise <see cref="StartClock"/> follows.
    /// </param>
    public void Begin(long unit, int item, long timestamp, bool isDecoded) =>
        Write(++_sequence, unit, timestamp, item, isDecoded ? IsDecodedFlag : 0);

    /// <summary>Writes that the item's arguments are decoded: the function runs from now on.</summary>
    public void StartClock(long unit, int item, long timestamp) => Write(++_sequence, unit, timestamp, item, IsDecodedFlag);

    /// <summary>Writes that the function gets its token. On any thread.</summary>
    public void NoteToken(long unit, int item) => Volatile.Write(ref Int64At(TokenOffset), TokenMark(unit, item));

    /// <summary>Counts an item that has ended.</summary>
    public void CountItem() => Int64At(CompletedOffset)++;

    /// <summary>
    /// Adds the running time of a unit whose last item has ended. Its result is about to be in the journal, or sent.
    /// </summary>
    public void CountUnit(long ticks) => Int64At(RunTimeOffset) += ticks;

    /// <summary>Writes that nothing is running. The unit's last result is in the journal, or sent.</summary>
    public void EndUnit() => Write(++_sequence, unit: 0, begun: 0, item: 0, IsDecodedFlag);

    /// <summary>Makes the first <paramref name="length"/> bytes of <see cref="JournalBuffer"/> valid.</summary>
    public void CommitJournal(int length) => Volatile.Write(ref Int32At(JournalLengthOffset), length);

    /// <summary>Writes that the process exits regularly.</summary>
    public void NoteExit(int code) => Volatile.Write(ref Int64At(ExitOffset), ExitMark | (uint)code);

    public void Dispose() => _memory.Dispose();

    private static long TokenMark(long unit, int item) => unchecked((long)StatusRecord.CheckOf(0, unit, 0, item, IsDecodedFlag));

    // The order of the writes is the same on every processor. If this process is killed between two of them, the other
    // copy is whole.
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
