using System.Diagnostics;
using MultiProc.Diagnostics;
using MultiProc.Protocol.Launch;
using MultiProc.Protocol.Memory;
using MultiProc.Protocol.Messages;
using MultiProc.Protocol.Status;
using MultiProc.Protocol.Wire;
using MultiProc.Scheduling;

namespace MultiProc.Workers;

/// <summary>One worker process, ready for calls: its process, its pipe and its status page, from readiness to the end. Thread-safe.</summary>
internal sealed class ProcessRunner : IWorker
{
    // A process whose pipe has closed is exiting; if not, something in it has closed the pipe.
    private static readonly TimeSpan ExitPatience = TimeSpan.FromMilliseconds(500);

    // What it had sent is in the pipe and must not be run again, however slowly this process gets to read it.
    private static readonly TimeSpan DrainPatience = TimeSpan.FromSeconds(5);

    private readonly WorkerProcess _process;
    private readonly StatusPage _page;
    private readonly BlockArea? _results;
    private readonly PlacedResults _placed;
    private readonly RpcLink _link;
    private readonly Dispatcher _dispatcher;
    private readonly PageGuard _guard;
    private readonly StackCapture _stacks;
    private readonly ProcessPoolOptions _options;
    private readonly PoolLog _log;
    private readonly PoolMetrics _metrics;
    private readonly Lock _gate = new();
    private readonly long _started = Stopwatch.GetTimestamp();
    private Task<string> _stack = Task.FromResult("");
    private bool _isCapturing;

    // Serves each message again: in a flood it would be a fifth of what a call allocates. Guarded by who sends, one message after another.
    private WorkUnit[] _units = [];

    public ProcessRunner(
        int slot, WorkerProcess process, StatusPage page, BlockArea? results, RpcLink link, Dispatcher dispatcher, StackCapture stacks, ProcessPoolOptions options, PoolLog log,
        PoolMetrics metrics)
    {
        Slot = slot;
        _process = process;
        _page = page;
        _results = results;
        _placed = new PlacedResults(results);
        _guard = new PageGuard(page);
        _link = link;
        _dispatcher = dispatcher;
        _stacks = stacks;
        _options = options;
        _log = log;
        _metrics = metrics;
        Ended = WatchAsync();
    }

    public int Slot { get; private set; }

    public int ProcessId => _process.Id;

    public Task<RunnerExit> Ended { get; }

    public TimeSpan Starting { get; set; }

    public TimeSpan Initializing { get; set; }

    public bool IsLeaving { get; private set; }

    public RunningItem? Running => _guard.Read(static page => RunningOn(page), null);

    public bool IsDebugged => _options.Debugging.SuspendsLimits && DebuggerProbe.IsAttached(ProcessId);

    public long CallsCompleted => _guard.Read(static page => page.Completed, 0);

    public TimeSpan? RunTime => Stopwatch.GetElapsedTime(0, _guard.Read(static page => page.RunTime, 0));

    public TimeSpan ProcessorTime => _process.ProcessorTime;

    public long WorkingSetBytes => _process.WorkingSetBytes;

    public TimeSpan Age => Stopwatch.GetElapsedTime(_started);

    public bool DiedUseless { get; private set; }

    public void Send(IReadOnlyList<Work> work)
    {
        _metrics.NoteSent(work);
        var units = _units.Length >= work.Count ? _units : new WorkUnit[work.Count];
        _units = [];
        for (var i = 0; i < work.Count; i++)
        {
            units[i] = work[i].Unit;
        }

        if (_link.Notify(Methods.Run, [new ReadOnlyMemory<WorkUnit>(units, 0, work.Count)]))
        {
            Array.Clear(units, 0, work.Count);
            _units = units;
        }
    }

    public void Cancel(long unit, int item, int token) => _link.Notify(Methods.Cancel, [unit, item, token]);

    public void Rehearse() => _link.Notify(Methods.Run, [new ReadOnlyMemory<WorkUnit>([Rehearsal.Unit])]);

    public void Promote(int slot)
    {
        Slot = slot;
        _link.Notify(Methods.Assign, [slot, WorkerSlot.NameOf(slot)]);
    }

    public void Recall(long[] units) => _link.Notify(Methods.Recall, [units]);

    // The outcome is seen by WatchAsync, like any other end.
    public void Kill(bool captureStack)
    {
        lock (_gate)
        {
            if (captureStack && !_isCapturing)
            {
                // Two at a time would disturb each other.
                _isCapturing = true;
                _stack = Task.Run(() => _stacks.TakeAsync(ProcessId, _process.Exited));
            }

            _ = StopAfterAsync(_stack);
        }
    }

    public void NoteDebugger(bool isAttached) => _process.KillWithHost(isAttached);

    public void KillNow()
    {
        IsLeaving = true;
        _process.Kill();
    }

    public async Task LeaveAsync(TimeSpan patience, HostClock clock)
    {
        IsLeaving = true;
        _link.Notify(Methods.Shutdown);
        while (await Task.WhenAny(Ended, clock.Delay(patience)).ConfigureAwait(false) != Ended)
        {
            if (!IsDebugged)
            {
                await _process.StopAsync().ConfigureAwait(false);
                break;
            }
        }

        await Ended.ConfigureAwait(false);
    }

    /// <summary>Results have come over the pipe.</summary>
    public void OnDone(ReadOnlyMemory<byte> records)
    {
        _dispatcher.OnRecords(this, ResultRecord.ReadAll(records, _placed));
        _metrics.NoteReceived(records.Length + _placed.Bytes);
        if (_placed.TakeRead() is { } read)
        {
            _link.Notify(Methods.Free, [read]);
        }
    }

    /// <summary>A function reported progress.</summary>
    public void OnReport(long unit, int progress, ReadOnlyMemory<byte> value)
    {
        void GiveCredit() => _link.Notify(Methods.Credit, [1, (long)value.Length]);

        if (_dispatcher.LiveOf(this, unit) is { } live)
        {
            live.Report(progress, value, GiveCredit);
        }
        else
        {
            GiveCredit();
        }
    }

    public async Task<bool> AnswersAsync(TimeSpan patience)
    {
        using var limit = new CancellationTokenSource(patience);
        try
        {
            return await _link.RequestAsync<int>(Methods.Ping, [], limit.Token).WaitAsync(limit.Token).ConfigureAwait(false) == ProcessId;
        }
        catch (Exception)
        {
            // It does not, or it has ended, which is heard of elsewhere.
            return false;
        }
    }

    private static RunningItem? RunningOn(StatusPage page)
    {
        // The worker may move on between the reads; then look again.
        while (true)
        {
            var unit = page.Unit;
            var item = page.Item;
            var begun = page.Begun;
            if (page.Unit == unit && page.Item == item)
            {
                return unit == WorkUnit.NoId ? null : new RunningItem(unit, item, Stopwatch.GetElapsedTime(begun));
            }
        }
    }

    private async Task StopAfterAsync(Task capture)
    {
        await capture.ConfigureAwait(false);
        if (!_process.HasExited)
        {
            await _process.StopAsync().ConfigureAwait(false);
        }
    }

    private async Task<RunnerExit> WatchAsync()
    {
        // Every message that the worker sent has been handled once the link has closed.
        await Task.WhenAny(_link.Closed, ClosedAfterExitAsync()).ConfigureAwait(false);
        if (_link.IsBroken || !await _process.ExitsWithinAsync(ExitPatience).ConfigureAwait(false))
        {
            _log.ConnectionEnded(Slot, ProcessId, await _link.Closed.ConfigureAwait(false));
            _process.Kill();
        }

        var code = await _process.Exited.ConfigureAwait(false);
        if (!IsLeaving || _process.StoppedBy is not null || code != WorkerExitCode.Done)
        {
            _process.CleanUp();
        }

        await _link.DisposeAsync().ConfigureAwait(false);
        var signal = _page.ExitCode is null ? SignalName.FromExitCode(code) : null;
        var exit = new RunnerExit(
            Slot, _process.Id, signal is null ? _page.ExitCode ?? code : null, signal, _process.StandardErrorTail, _process.StoppedBy)
        {
            // It has ended, or ends now that the process has.
            StackTrace = await _stack.ConfigureAwait(false),
            DumpPath = CrashDump.Find(_options, _process.Id),
        };
        _dispatcher.OnRecords(this, JournalReader.Recover(_page.Journal.ToArray()).Select(record => _placed.Resolve(record)));
        var running = RunningOn(_page);
        DiedUseless = running is null && _page.Completed == 0;
        _dispatcher.OnLost(this, exit, running);
        _guard.Close();
        _page.Dispose();
        _results?.Unmap();
        _process.Dispose();
        return exit;
    }

    // Nothing should keep the pipe open when the process is gone; if something does, the host does not wait for it for ever.
    private async Task ClosedAfterExitAsync()
    {
        await _process.Exited.ConfigureAwait(false);
        await Task.WhenAny(_link.Closed, Task.Delay(DrainPatience)).ConfigureAwait(false);
    }
}
