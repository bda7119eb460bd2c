using System.Diagnostics;
using MultiProc.Diagnostics;
using MultiProc.Protocol.Launch;
using MultiProc.Protocol.Memory;
using MultiProc.Protocol.Messages;
using MultiProc.Protocol.Rpc;
using MultiProc.Protocol.Status;
using MultiProc.Scheduling;
using MultiProc.Workers.Launch;

namespace MultiProc.Workers;

/// <summary>
/// One worker process that is ready for calls: its process, its pipe and its status page, from readiness to the end.
/// Thread-safe.
/// </summary>
internal sealed class ProcessRunner : IWorker
{
    // A process whose pipe has closed is normally exiting. If it is not, code in it has closed the pipe.
    private static readonly TimeSpan ExitTimeout = TimeSpan.FromMilliseconds(500);

    // Messages that are still in the pipe report work that must not run again, however slowly this process reads them.
    private static readonly TimeSpan DrainTimeout = TimeSpan.FromSeconds(5);

    // A worker responds in a fraction of this time, whatever its functions do.
    private static readonly TimeSpan CompilationTimeout = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan DebuggerTimeout = TimeSpan.FromSeconds(3);

    // A call must have ended half a second after its limit. A little of that is reserved for the end itself.
    private static readonly TimeSpan MaxStopTime = TimeSpan.FromMilliseconds(450);
    private static readonly TimeSpan MinTermination = TimeSpan.FromMilliseconds(50);

    private readonly WorkerProcess _process;
    private readonly StatusPage _page;
    private readonly SharedBufferPool? _results;
    private readonly IncomingResults _incoming;
    private readonly ReportCredit _credit = new();
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
    private (long Unit, int Item) _stackOf;
    private long _stackStarted;
    private StopOrder? _order;
    private string? _dump;

    // The first: a debugger was seen, and the worker has not responded since it has gone. The second: the last probe
    // saw one.
    private volatile bool _hadDebugger;
    private volatile bool _hasDebugger;
    private int _isPinging;

    // Reused for each message: in a flood, a new array would be a fifth of the allocations of a call. Guarded by the
    // caller, which sends one message after another.
    private WorkUnit[] _units = [];

    public ProcessRunner(
        int slot, WorkerProcess process, StatusPage page, SharedBufferPool? results, RpcLink link, Dispatcher dispatcher, StackCapture stacks, ProcessPoolOptions options, PoolLog log,
        PoolMetrics metrics)
    {
        Slot = slot;
        _process = process;
        _page = page;
        _results = results;
        _incoming = new IncomingResults(results, options.MaxResultBytes ?? IncomingResults.MaxBytes, link.Break);
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

    public bool IsShuttingDown { get; private set; }

    public RunningItem? Running => _guard.Read(static page => StatusOf(page).Running, null);

    public bool IsDebugged
    {
        get
        {
            if (!_options.Debugging.SuspendsLimits)
            {
                return false;
            }

            if (LookForDebugger())
            {
                return true;
            }

            if (HasDebuggerDetached && Interlocked.Exchange(ref _isPinging, 1) == 0)
            {
                // No limit is enforced until it responds: the debugger may have left it frozen.
                _ = PingAfterDebuggerAsync();
            }

            return HasDebuggerDetached;
        }
    }

    public bool HasDebuggerDetached => _hadDebugger && !_hasDebugger;

    public long CallsCompleted => Math.Max(0, _guard.Read(static page => page.Completed, 0));

    // The value comes from the worker's memory. It cannot be more than the worker's age.
    public TimeSpan? RunTime
    {
        get
        {
            var claimed = Stopwatch.GetElapsedTime(0, Math.Max(0, _guard.Read(static page => page.RunTime, 0)));
            return claimed < Age ? claimed : Age;
        }
    }

    public TimeSpan ProcessorTime => _process.ProcessorTime;

    public long WorkingSetBytes => _process.WorkingSetBytes;

    public TimeSpan Age => Stopwatch.GetElapsedTime(_started);

    public bool ExitedBeforeFirstCall { get; private set; }

    public bool HasOtherBuild { get; private set; }

    public void Send(IReadOnlyList<Work> work)
    {
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

    public void WarmUp() => _link.Notify(Methods.Run, [new ReadOnlyMemory<WorkUnit>([WarmupCall.Unit])]);

    public void Promote(int slot)
    {
        Slot = slot;
        _link.Notify(Methods.Assign, [slot, WorkerName.Of(slot)]);
    }

    public void Recall(long[] units) => _link.Notify(Methods.Recall, [units]);

    public bool LookForDebugger()
    {
        lock (_gate)
        {
            // The stack capture attaches a debugger, too: that one is ours.
            if (!_stack.IsCompleted)
            {
                return false;
            }
        }

        // A process that is ending no longer shows whether it had a debugger: the last answer counts.
        _hasDebugger = DebuggerProbe.IsAttached(ProcessId) ?? _hasDebugger;
        _hadDebugger |= _hasDebugger;
        return _hasDebugger;
    }

    public void MeasureCompilation(Action<TimeSpan> answer) => _ = MeasureCompilationAsync(answer);

    public void BeginStackCapture(long unit, int item)
    {
        lock (_gate)
        {
            CaptureStack((unit, item));
        }
    }

    public void ReportSlow(string label, TimeSpan elapsed, TimeSpan threshold) => _ = ReportSlowAsync(label, elapsed, threshold);

    // <see cref="WatchAsync"/> handles the end, as any other.
    public void Kill(StopOrder order)
    {
        lock (_gate)
        {
            if (_order is null)
            {
                _order = order;
                _ = StopOrKillAsync(order, order.Cause == StopCause.TimeLimit ? CaptureStack(order.Call) : Task.FromResult(""));
            }
        }
    }

    public void OnDebuggerChanged(bool isAttached) => _process.KillWithHost(isAttached);

    public void KillNow()
    {
        IsShuttingDown = true;
        _process.Kill();
    }

    public async Task ShutDownAsync(TimeSpan timeout, HostClock clock)
    {
        IsShuttingDown = true;
        _link.Notify(Methods.Shutdown);
        while (await Task.WhenAny(Ended, clock.Delay(timeout)).ConfigureAwait(false) != Ended)
        {
            if (!IsDebugged)
            {
                await _process.StopAsync(WorkerProcess.TerminationTimeout).ConfigureAwait(false);
                break;
            }
        }

        await Ended.ConfigureAwait(false);
    }

    /// <summary>Handles results that have come over the pipe.</summary>
    public void OnDone(ReadOnlyMemory<byte> records)
    {
        try
        {
            _dispatcher.OnRecords(this, ResultRecord.ReadAll(records, _incoming));
        }
        finally
        {
            _incoming.EndMessage();
        }

        _metrics.NoteReceived(records.Length + _incoming.Bytes);
        if (_incoming.TakeRead() is { } read)
        {
            _link.Notify(Methods.Free, [read]);
        }
    }

    /// <summary>Handles a part of a result or report that is too large for one message.</summary>
    public void OnPart(long unit, ReadOnlyMemory<byte> part)
    {
        try
        {
            _incoming.AddPart(unit, part.Span, _dispatcher.Awaits(this, unit));
            _metrics.NoteReceived(part.Length);
        }
        catch (OutOfMemoryException)
        {
            _link.Break($"There is no memory for a result of unit {unit}.");
        }
    }

    /// <summary>Handles a progress report of a function.</summary>
    public void OnReport(long unit, int progress, ReadOnlyMemory<byte> value)
    {
        value = _incoming.Report(unit, value, out var parts);
        long bytes = value.Length;
        lock (_credit)
        {
            if (!_credit.TryTake(bytes))
            {
                parts?.Dispose();
                throw _incoming.ProtocolError($"A report of {bytes} bytes came without credit: at most {ReportCredit.MaxReports} reports, with {ReportCredit.MaxBytes} bytes, may be under way.");
            }
        }

        void GiveCredit()
        {
            parts?.Dispose();
            lock (_credit)
            {
                _credit.Return(1, bytes);
            }

            _link.Notify(Methods.Credit, [1, bytes]);
        }

        if (_dispatcher.LiveOf(this, unit) is { } live)
        {
            live.Report(progress, value, GiveCredit);
        }
        else
        {
            GiveCredit();
        }
    }

    /// <summary>Marks a worker that cannot decode calls, and never will. It exits by itself, and is replaced.</summary>
    public void NoteOtherBuild(string reason)
    {
        HasOtherBuild = true;
        _log.WorkerHasOtherBuild(Slot, ProcessId, reason);
    }

    public async Task<bool> RespondsAsync(TimeSpan timeout)
    {
        using var limit = new CancellationTokenSource(timeout);
        try
        {
            var answers = await _link.RequestAsync<int>(Methods.Ping, [], limit.Token).WaitAsync(limit.Token).ConfigureAwait(false) == ProcessId;
            _hadDebugger &= !answers || _hasDebugger;
            return answers;
        }
        catch (Exception)
        {
            // It does not respond, or it has ended, which other code detects.
            return false;
        }
    }

    private static LastStatus StatusOf(StatusPage page)
    {
        if (page.Read() is not { } status)
        {
            return LastStatus.Unreadable;
        }

        return status.Unit is WorkUnit.NoId or WorkUnit.WarmupId
            ? LastStatus.Idle
            : new LastStatus(IsReadable: true, new RunningItem(status.Unit, status.Item, ElapsedSince(status.Begun))
            {
                IsDecoded = status.IsDecoded,
                HasToken = page.IsTokenTaken(status.Unit, status.Item),
            });
    }

    // No item begins in the future, whatever the page says.
    private static TimeSpan ElapsedSince(long begun) =>
        Stopwatch.GetTimestamp() is var now && begun > 0 && begun < now ? Stopwatch.GetElapsedTime(begun, now) : TimeSpan.Zero;

    private async Task MeasureCompilationAsync(Action<TimeSpan> answer)
    {
        var spent = TimeSpan.Zero;
        try
        {
            spent = TimeSpan.FromTicks(
                await _link.RequestAsync<long>(Methods.Compilation, [], CancellationToken.None).WaitAsync(CompilationTimeout).ConfigureAwait(false));
        }
        catch (Exception)
        {
            // It does not respond in time: it is stopped, or ending, or misbehaves.
        }

        answer(spent);
    }

    private async Task PingAfterDebuggerAsync()
    {
        await RespondsAsync(DebuggerTimeout).ConfigureAwait(false);
        Volatile.Write(ref _isPinging, 0);
    }

    /// <summary>
    /// Starts a stack capture, unless one is running or this call has been captured. Requires the lock.
    /// </summary>
    private Task<string> CaptureStack((long Unit, int Item) call)
    {
        // Two captures at a time would disturb each other.
        if (_stack.IsCompleted && _stackOf != call)
        {
            _stackOf = call;
            _stackStarted = Stopwatch.GetTimestamp();
            _stack = Task.Run(() => _stacks.TakeAsync(ProcessId, _process.Exited));
        }

        return _stack;
    }

    private async Task ReportSlowAsync(string label, TimeSpan elapsed, TimeSpan threshold)
    {
        Task<string> stack;
        lock (_gate)
        {
            // Not tied to a call: for each slow call a new stack is captured.
            _stackOf = default;
            stack = CaptureStack((-1, 0));
        }

        var frames = await stack.ConfigureAwait(false);
        var where = frames.Length == 0 ? "somewhere: its stack could not be taken" : $"here:{Environment.NewLine}{frames}";
        _log.CallIsSlow(label, Slot, ProcessId, (long)elapsed.TotalMilliseconds, (long)threshold.TotalMilliseconds, where);
    }

    private async Task StopOrKillAsync(StopOrder order, Task<string> stack)
    {
        try
        {
            await StopAsync(order, stack).ConfigureAwait(false);
        }
        catch (Exception)
        {
            // Nobody awaits this task, and the worker must not live on.
            _process.Kill();
        }
    }

    private async Task StopAsync(StopOrder order, Task<string> stack)
    {
        var began = Stopwatch.GetTimestamp();
        var timeout = WorkerProcess.TerminationTimeout;
        if (order.Cause == StopCause.TimeLimit)
        {
            await WaitForStackAsync(stack).ConfigureAwait(false);
            _dump = await TimeoutDump.MakeAsync(_options, _process, Slot, _log).ConfigureAwait(false);
            var left = MaxStopTime - Stopwatch.GetElapsedTime(began);
            timeout = left < MinTermination ? MinTermination : left < timeout ? left : timeout;
        }

        if (!_process.HasExited)
        {
            await _process.StopAsync(timeout).ConfigureAwait(false);
        }
    }

    private async Task WaitForStackAsync(Task<string> stack)
    {
        var left = _options.StackCaptureTimeout - Stopwatch.GetElapsedTime(_stackStarted);
        if (left > TimeSpan.Zero)
        {
            await Task.WhenAny(stack, Task.Delay(left)).ConfigureAwait(false);
        }

        if (_options.StackCaptureTimeout > TimeSpan.Zero && !(stack.IsCompleted && (await stack.ConfigureAwait(false)).Length > 0) && !_process.HasExited)
        {
            _log.StackNotTaken(
                Slot, ProcessId, _options.StackCaptureTimeout,
                stack.IsCompleted ? "the process is stopped, a debugger is attached, or its runtime's diagnostics are switched off" : "a longer timeout helps on a busy machine");
        }
    }

    private async Task<RunnerExit> WatchAsync()
    {
        // Every message of the worker has been handled once the link has closed.
        await Task.WhenAny(_link.Closed, ClosedAfterExitAsync()).ConfigureAwait(false);
        if (_link.IsBroken || !await _process.ExitsWithinAsync(ExitTimeout).ConfigureAwait(false))
        {
            _log.ConnectionEnded(Slot, ProcessId, await _link.Closed.ConfigureAwait(false));
            _process.Kill();
        }

        var code = await _process.Exited.ConfigureAwait(false);
        if (!IsShuttingDown || _process.StoppedBy is not null || code != WorkerExitCode.Done)
        {
            _ = CleanUpAsync();
        }
        else
        {
            _process.ReleaseControlGroup();
        }

        // Application code that does not return, such as a logger, may block the link's reader. The worker is replaced
        // anyway.
        var handled = _link.DisposeAsync().AsTask();
        var isHandled = await Task.WhenAny(handled, Task.Delay(DrainTimeout)).ConfigureAwait(false) == handled;

        // The page has the whole exit code, of which the operating system keeps eight bits. It counts only if those
        // bits agree.
        var claimed = _page.ExitCode is { } whole && (OperatingSystem.IsWindows() ? whole : whole & 0xFF) == code ? whole : (int?)null;
        var signal = claimed is null ? SignalName.FromExitCode(code) : null;
        var exit = new RunnerExit(Slot, _process.Id, signal is null ? claimed ?? code : null, signal, _process.StandardErrorTail, _process.StoppedBy)
        {
            // The capture has ended, or ends now that the process has.
            StackTrace = await _stack.ConfigureAwait(false),
            DumpPath = _dump ?? CrashDump.Find(_options, _process.Id),
            Order = _order,
            WasDebugged = _hasDebugger,
        };
        _incoming.EndMessage();
        _dispatcher.OnGone(this);
        var status = StatusOf(_page);
        var left = JournalReader.Recover(_page.Journal.ToArray(), status.Running is { } running ? (running.Unit, running.Item) : null);
        _dispatcher.OnRecords(this, left.Select(record => _incoming.Resolve(record)));
        ExitedBeforeFirstCall = !_dispatcher.OnLost(this, exit, status);
        _guard.Close();
        _process.Dispose();
        if (isHandled)
        {
            Unmap();
        }
        else
        {
            // The reader may still read from that memory when it continues.
            _ = handled.ContinueWith(_ => Unmap(), TaskScheduler.Default);
        }

        return exit;
    }

    // Runs in the background.
    private async Task CleanUpAsync()
    {
        if (!await _process.CleanUpAsync().ConfigureAwait(false))
        {
            _log.NoteLeftoverScanFailed(_process.Mark);
        }
    }

    private void Unmap()
    {
        _page.Dispose();
        _results?.Unmap();
    }

    // Nothing should hold the pipe open after the process has ended. If something does, the wait is limited.
    private async Task ClosedAfterExitAsync()
    {
        await _process.Exited.ConfigureAwait(false);
        await Task.WhenAny(_link.Closed, Task.Delay(DrainTimeout)).ConfigureAwait(false);
    }
}
