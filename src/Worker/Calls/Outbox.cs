using System.Buffers.Binary;
using MultiProc.Protocol.Calls;
using MultiProc.Protocol.Memory;
using MultiProc.Protocol.Messages;
using MultiProc.Protocol.Rpc;
using MultiProc.Protocol.Status;

namespace MultiProc.Worker.Calls;

/// <summary>
/// The queue of finished results on their way to the host. They are collected in the status page's journal, where they
/// survive the death of this process, and are sent together: at once when the worker has nothing else to do or a unit
/// has taken long, otherwise a millisecond later at the latest, or for a chunk after its target duration. Thread-safe;
/// the main thread creates it.
/// </summary>
internal sealed class Outbox : IDisposable
{
    private static readonly TimeSpan MaxDelayOfCall = TimeSpan.FromMilliseconds(1);

    private readonly StatusPage _page;
    private readonly WorkerLink _link;
    private readonly AsymmetricLock _gate = new();
    private readonly DeferredFlush _deferredFlush;

    private readonly byte[] _sending = new byte[StatusPage.JournalCapacity];
    private int _length;
    private int _openRecord = -1;
    private long _openUnit;
    private int _openFirst;
    private int _openCount;

    public Outbox(StatusPage page, WorkerLink link)
    {
        _page = page;
        _link = link;
        _deferredFlush = new DeferredFlush(Flush);
    }

    /// <summary>Adds the result of an item.</summary>
    /// <param name="unit">The unit.</param>
    /// <param name="item">The item's number.</param>
    /// <param name="kind">How the item ended.</param>
    /// <param name="body">
    /// A result with its length in front, or as <paramref name="kind"/> says. If it is in a shared block, the host
    /// gives the block back.
    /// </param>
    /// <param name="next">The caller's next step.</param>
    public void Add(long unit, int item, RecordKind kind, ReadOnlyMemory<byte> body, AfterResult next)
    {
        using (_gate.Enter())
        {
            if (kind == RecordKind.Values)
            {
                AddValue(unit, item, body);
            }
            else if (kind == RecordKind.Placed)
            {
                AddPlaced(unit, item, body);
            }
            else
            {
                AddRecord(unit, item, kind, 1, body.Span);
            }

            if (next != AfterResult.Flush)
            {
                _deferredFlush.Schedule(next == AfterResult.NextItem ? ChunkTarget.Duration : MaxDelayOfCall);
            }
        }
    }

    /// <summary>Adds the time that all items of a unit took. The result of the last one follows.</summary>
    public void AddDuration(long unit, int firstItem, int count, TimeSpan took)
    {
        Span<byte> body = stackalloc byte[sizeof(long)];
        BinaryPrimitives.WriteInt64LittleEndian(body, (long)took.TotalNanoseconds);
        using (_gate.Enter())
        {
            AddRecord(unit, firstItem, RecordKind.Took, count, body);
        }
    }

    /// <summary>Adds items that will not begin here.</summary>
    public void AddReturned(long unit, int firstItem, int count)
    {
        using (_gate.Enter())
        {
            AddRecord(unit, firstItem, RecordKind.Returned, count, []);
            _deferredFlush.Schedule(MaxDelayOfCall);
        }
    }

    /// <summary>Sends all results.</summary>
    public void Flush()
    {
        using (_gate.Enter())
        {
            FlushLocked();
        }
    }

    public void Dispose() => _deferredFlush.Dispose();

    private void FlushLocked()
    {
        if (_length == 0)
        {
            _deferredFlush.Unschedule();
            return;
        }

        _page.JournalBuffer[.._length].CopyTo(_sending);
        Send(_sending.AsMemory(0, _length));
        _length = 0;
        _openRecord = -1;

        // Only now that the records are in the pipe. If the process dies in between, the host sees them twice, which it
        // detects; in the other order they could be lost.
        _page.CommitJournal(0);
        _deferredFlush.Unschedule();
    }

    private void AddValue(long unit, int item, ReadOnlyMemory<byte> body)
    {
        var needed = body.Length;
        if (_openRecord < 0 || _openUnit != unit || _openFirst + _openCount != item || _length + needed > StatusPage.JournalCapacity)
        {
            if (!EnsureSpace(ResultRecord.HeaderLength + needed))
            {
                // Too large for the journal: sent at once, without copying.
                _link.NotifyRecord(unit, RecordKind.Values, item, body);
                return;
            }

            _openRecord = _length;
            (_openUnit, _openFirst, _openCount) = (unit, item, 0);
            ResultRecord.WriteHeader(_page.JournalBuffer[_length..], unit, RecordKind.Values, item, 0, 0);
            _length += ResultRecord.HeaderLength;
        }

        var journal = _page.JournalBuffer;
        body.Span.CopyTo(journal[_length..]);
        _length += needed;
        _openCount++;
        ResultRecord.WriteGrowth(journal[_openRecord..], _openCount, _length - _openRecord - ResultRecord.HeaderLength);
        _page.CommitJournal(_length);
    }

    private void AddPlaced(long unit, int item, ReadOnlyMemory<byte> body)
    {
        SharedBuffer.IsIn(body, out var offset);
        Span<byte> place = stackalloc byte[IncomingResults.PlaceLength];
        IncomingResults.WritePlace(place, offset, body.Length);
        AddRecord(unit, item, RecordKind.Placed, 1, place);
    }

    private void AddRecord(long unit, int firstItem, RecordKind kind, int count, ReadOnlySpan<byte> body)
    {
        _openRecord = -1;
        var needed = ResultRecord.HeaderLength + body.Length;
        if (!EnsureSpace(needed))
        {
            // Only the failure of a single item can be this large.
            _link.NotifyRecord(unit, kind, firstItem, body.ToArray());
            return;
        }

        var target = _page.JournalBuffer[_length..];
        ResultRecord.WriteHeader(target, unit, kind, firstItem, count, body.Length);
        body.CopyTo(target[ResultRecord.HeaderLength..]);
        _length += needed;
        _page.CommitJournal(_length);
    }

    private bool EnsureSpace(int needed)
    {
        if (_length + needed > StatusPage.JournalCapacity)
        {
            FlushLocked();
        }

        return needed <= StatusPage.JournalCapacity;
    }

    private void Send(ReadOnlyMemory<byte> records) => _link.Notify(Methods.Done, [new RecordBlock(records, default)]);
}
