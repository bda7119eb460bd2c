using System.Buffers.Binary;
using MultiProc.Boundary;
using MultiProc.Protocol.Calls;
using MultiProc.Protocol.Messages;
using MultiProc.Scheduling;

namespace MultiProc.Unit.Scheduling;

/// <summary>
/// A runner that does what a test says, under the rules of a real one: it begins units in the order they came, moves on to a unit's next item by itself,
/// keeps results in a journal until they are flushed, and reports the journal when it dies. Thread-safe; never calls the dispatcher under its lock.
/// </summary>
internal class FakeRunner(Scene scene, int slot, int processId) : ICallRunner
{
    private readonly Lock _gate = new();
    private readonly List<long> _unheard = [];
    private readonly List<FakeUnit> _inbox = [];
    private readonly List<ResultRecord> _journal = [];
    private readonly List<ResultRecord> _flushed = [];
    private readonly List<CallItem> _begun = [];
    private FakeUnit? _current;
    private long _begunAt;
    private bool _isDead;

    public int Slot { get; protected set; } = slot;

    public int ProcessId => processId;

    public long WorkingSetBytes { get; set; }

    public bool IsDebugged { get; set; }

    public TimeSpan? RunTime { get; set; }

    /// <summary>What an item comes to, from the graphs of its function and its arguments; null: its own arguments.</summary>
    public Func<ReadOnlyMemory<byte>, ReadOnlyMemory<byte>, (RecordKind Kind, ReadOnlyMemory<byte> Body)>? Function { get; set; }

    /// <summary>Runs at the start of <see cref="Send"/>: what another thread might do just then.</summary>
    public Action? BeforeSend { get; set; }

    /// <summary>Runs at the end of <see cref="Send"/>.</summary>
    public Action? AfterSend { get; set; }

    public int Kills { get; private set; }

    public long CallsCompleted { get; private set; }

    /// <summary>Whether it was told to leave.</summary>
    public bool IsRetired { get; set; }

    public bool IsDead => Volatile.Read(ref _isDead);

    /// <summary>Whether the token of the running item was signalled.</summary>
    public bool IsTokenSignalled { get; private set; }

    /// <summary>What has begun, in order.</summary>
    public IReadOnlyList<CallItem> Begun
    {
        get
        {
            lock (_gate)
            {
                return [.. _begun];
            }
        }
    }

    /// <summary>The calls that have begun, by number, in order.</summary>
    public IEnumerable<int> BegunCalls => Begun.Select(static item => item.Call);

    /// <summary>Units that have not begun.</summary>
    public int Waiting
    {
        get
        {
            lock (_gate)
            {
                return _inbox.Count;
            }
        }
    }

    public bool HasJournal
    {
        get
        {
            lock (_gate)
            {
                return _journal.Count > 0;
            }
        }
    }

    /// <summary>What its status page says, whatever it is running; null: the truth.</summary>
    public LastStatus? Lie { get; set; }

    /// <summary>Whether the functions it runs were handed their tokens.</summary>
    public bool HandsTokens { get; set; } = true;

    /// <summary>Whether the arguments of what it runs are decoded.</summary>
    public bool HasDecoded { get; set; } = true;

    /// <summary>What it has spent on compiling, by its own account.</summary>
    public TimeSpan Compilation { get; set; }

    /// <summary>How often it was asked what it has spent on compiling.</summary>
    public int CompilationQuestions { get; private set; }

    /// <summary>Why it is to end; null: it is not.</summary>
    public StopOrder? Order { get; private set; }

    /// <summary>The items of which it was asked where they are stuck, before it was to end.</summary>
    public List<int> Captured { get; } = [];

    /// <summary>What it was told to log as slow.</summary>
    public List<TimeSpan> Slow { get; } = [];

    public RunningItem? Running
    {
        get
        {
            lock (_gate)
            {
                return Status.Running;
            }
        }
    }

    private LastStatus Status => Lie ?? (_current is { } unit
        ? new LastStatus(IsReadable: true, new RunningItem(unit.Id, unit.Item, scene.Time.GetElapsedTime(_begunAt)) { HasToken = HandsTokens, IsDecoded = HasDecoded })
        : LastStatus.Idle);

    public void Send(IReadOnlyList<Work> work)
    {
        BeforeSend?.Invoke();
        scene.Sending?.Invoke(work);
        lock (_gate)
        {
            if (!_isDead)
            {
                _inbox.AddRange(work.Select(static one => new FakeUnit(one.Unit)));
            }
            else if (Function is null)
            {
                // Nobody has noticed that it is dead.
                foreach (var item in work.SelectMany(static one => new FakeUnit(one.Unit).OpenItems))
                {
                    scene.OnUncharged(item);
                }
            }
        }

        AfterSend?.Invoke();
    }

    public void Cancel(long unit, int item, int token)
    {
        lock (_gate)
        {
            if (token != 0)
            {
                return;
            }

            if (_current is { } current && current.Id == unit && (item < 0 || item == current.Item))
            {
                IsTokenSignalled = true;
            }

            if (item < 0)
            {
                Return([unit]);
            }
        }
    }

    public void Recall(long[] units)
    {
        lock (_gate)
        {
            if (IsDeaf)
            {
                _unheard.AddRange(units);
            }
            else
            {
                Return(units);
            }
        }
    }

    /// <summary>What was called back meanwhile is given back now.</summary>
    public void Hear()
    {
        lock (_gate)
        {
            IsDeaf = false;
            Return([.. _unheard]);
            _unheard.Clear();
        }
    }

    /// <summary>What is called back is not given back before <see cref="Hear"/>.</summary>
    public bool IsDeaf { get; set; }

    public void MeasureCompilation(Action<TimeSpan> answer)
    {
        CompilationQuestions++;
        answer(Compilation);
    }

    public void BeginStackCapture(long unit, int item) => Captured.Add(item);

    public void ReportSlow(string label, TimeSpan elapsed, TimeSpan threshold) => Slow.Add(elapsed);

    public void Kill(StopOrder order)
    {
        Kills++;
        Order ??= order;
    }

    /// <summary>Units that it has, the running one first.</summary>
    public IReadOnlyList<long> Units
    {
        get
        {
            lock (_gate)
            {
                return [.. _current is { } unit ? [unit.Id] : Array.Empty<long>(), .. _inbox.Select(static waiting => waiting.Id)];
            }
        }
    }

    /// <summary>Gives back what has not begun, though nobody asked.</summary>
    public void GiveBack()
    {
        lock (_gate)
        {
            scene.HasLied = true;
            Return([.. _inbox.Select(static unit => unit.Id)]);
        }
    }

    /// <summary>Says that it gives back even the item that it has begun.</summary>
    public void GiveBackWhatRuns()
    {
        lock (_gate)
        {
            if (_current is { } unit)
            {
                scene.HasLied = true;
                _journal.Add(new ResultRecord(unit.Id, RecordKind.Returned, unit.Item, unit.End - unit.Item, default));
                scene.OnDeath(_begun[^1]);
                scene.OnEnd(this);
                _current = null;
            }
        }
    }

    /// <summary>Begins the next unit, if nothing is running.</summary>
    /// <returns>Whether something is running now.</returns>
    public bool Begin()
    {
        lock (_gate)
        {
            if (_current is null && !_isDead && _inbox.Count > 0)
            {
                _current = _inbox[0];
                _inbox.RemoveAt(0);
                BeginItem();
            }

            return _current is not null;
        }
    }

    /// <summary>The running item returns; the unit's next item, if there is one, begins.</summary>
    public void End() => End(RecordKind.Values, null);

    /// <summary>The running item throws.</summary>
    public void Fail(Exception exception)
    {
        var result = new ResultEncoder();
        result.Reset(NoLiveExports.Instance);
        result.WriteFailure(exception);
        End(result.Kind, result.TakeBody().ToArray());
    }

    /// <summary>Tells the dispatcher what has ended.</summary>
    public void Flush()
    {
        List<ResultRecord> records;
        lock (_gate)
        {
            if (_isDead || _journal.Count == 0)
            {
                return;
            }

            records = [.. _journal];
            _journal.Clear();
            _flushed.Clear();
            _flushed.AddRange(records);
        }

        scene.Dispatcher.OnRecords(this, records);
    }

    /// <summary>The running item returns, and behind its record comes one that makes no sense.</summary>
    public void Garble()
    {
        End();
        scene.Dispatcher.OnRecords(this, _journal.Concat(ResultRecord.ReadAll(new byte[] { 1, 2, 3 })));
    }

    /// <summary>Begins an item if none is running, ends it, and tells.</summary>
    public void Complete(TimeSpan took = default)
    {
        Assert.True(Begin(), "The runner has nothing to run.");
        scene.Advance(took);
        End();
        Flush();
    }

    /// <summary>Runs all it has and is given, one item after another.</summary>
    public void CompleteAll(TimeSpan took = default)
    {
        while (Begin())
        {
            Complete(took);
        }

        Flush();
    }

    /// <summary>Dies as it stands. What it had finished but not told is found in its journal; with <paramref name="isCaughtFlushing"/>, also what it had just told.</summary>
    /// <returns>How it ended; null if it had died before.</returns>
    public RunnerExit? Die(string? signal = "SIGKILL", CallStop? stoppedBy = null, bool isCaughtFlushing = false)
    {
        List<ResultRecord> records;
        LastStatus status;
        lock (_gate)
        {
            if (_isDead)
            {
                return null;
            }

            records = isCaughtFlushing && _journal.Count == 0 ? [.. _flushed] : [.. _journal];
            status = Status;

            // As from a real journal: what has begun is not given back by a record of the time before.
            records.RemoveAll(record => record.Kind == RecordKind.Returned && status.Running is { } running && running.Unit == record.Id && running.Item >= record.FirstItem);
            _isDead = true;
            if (Lie is not null)
            {
                scene.HasLied = true;
            }

            if (Function is null)
            {
                foreach (var item in _inbox.Concat(_current is { } unit ? [unit] : []).SelectMany(static unit => unit.OpenItems))
                {
                    scene.OnUncharged(item);
                }
            }

            if (_current is not null)
            {
                scene.OnDeath(_begun[^1]);
            }

            _inbox.Clear();
            _journal.Clear();
            _current = null;
        }

        scene.Dispatcher.OnGone(this);
        scene.Dispatcher.OnRecords(this, records);
        var exit = new RunnerExit(Slot, processId, signal is null ? 3 : null, signal, "last words", stoppedBy ?? (Kills > 0 ? CallStop.Kill : null)) { Order = Order };
        scene.Dispatcher.OnLost(this, exit, status);
        return exit;
    }

    /// <summary>It is gone, and nobody has told the dispatcher.</summary>
    protected void KillSelf()
    {
        lock (_gate)
        {
            _isDead = true;
        }
    }

    private void BeginItem()
    {
        IsTokenSignalled = false;
        _begunAt = scene.Time.GetTimestamp();
        _current!.TakeArguments();
        if (Function is not null)
        {
            return;
        }

        var item = new CallItem(BinaryPrimitives.ReadInt32LittleEndian(_current.Arguments.Span), BinaryPrimitives.ReadInt32LittleEndian(_current.Arguments.Span[4..]));
        _begun.Add(item);
        scene.OnBegin(this, item);
    }

    private void End(RecordKind kind, byte[]? body)
    {
        lock (_gate)
        {
            if (_current is not { } unit)
            {
                return;
            }

            Record(unit, kind, body);
            CallsCompleted++;
            scene.OnEnd(this);
            if (unit.MoveOn())
            {
                BeginItem();
            }
            else
            {
                _current = null;
            }
        }
    }

    private void Record(FakeUnit unit, RecordKind kind, byte[]? body)
    {
        var content = unit.Arguments;
        if (kind == RecordKind.Values && Function is not null)
        {
            (kind, content) = Function(unit.Function, content);
            body = content.ToArray();
        }

        if (kind != RecordKind.Values)
        {
            _journal.Add(new ResultRecord(unit.Id, kind, unit.Item, 1, body));
            return;
        }

        var value = new byte[ItemBlock.PrefixLength + content.Length];
        BinaryPrimitives.WriteInt32LittleEndian(value, content.Length);
        content.CopyTo(value.AsMemory(ItemBlock.PrefixLength));
        if (_journal is [.., { Kind: RecordKind.Values } last] && last.Id == unit.Id && last.FirstItem + last.Count == unit.Item)
        {
            // Neighbours share a record, as in a worker's outbox.
            _journal[^1] = last with { Count = last.Count + 1, Body = (byte[])[.. last.Body.Span, .. value] };
        }
        else
        {
            _journal.Add(new ResultRecord(unit.Id, RecordKind.Values, unit.Item, 1, value));
        }
    }

    private void Return(long[] units)
    {
        foreach (var unit in _inbox.Where(unit => units.Contains(unit.Id)).ToArray())
        {
            if (_current is null && unit == _inbox[0] && Function is null)
            {
                // It was about to begin: nobody can tell such a return from one of a runner that lies.
                foreach (var item in unit.OpenItems)
                {
                    scene.OnUncharged(item);
                }
            }

            _inbox.Remove(unit);
            _journal.Add(new ResultRecord(unit.Id, RecordKind.Returned, unit.Item, unit.End - unit.Item, default));
        }

        if (_current is { } current && units.Contains(current.Id) && current.End > current.Item + 1)
        {
            _journal.Add(new ResultRecord(current.Id, RecordKind.Returned, current.Item + 1, current.End - current.Item - 1, default));
            current.End = current.Item + 1;
        }
    }
}
