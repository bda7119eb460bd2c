using System.Collections.Concurrent;
using System.Diagnostics;
using MultiProc.Boundary;
using MultiProc.Diagnostics;
using MultiProc.Live;
using MultiProc.Protocol.Calls;
using MultiProc.Protocol.Messages;
using MultiProc.Scheduling;

namespace MultiProc.InProcess;

/// <summary>
/// A runner on a thread of this process, so that a debugger steps from the host into the function. Arguments and
/// results are still copied.
/// </summary>
internal sealed class InProcessRunner : ICallRunner
{
    private readonly Dispatcher _dispatcher;
    private readonly PoolLog _log;
    private readonly BlockingCollection<Action> _queue = [];
    private readonly ResultEncoder _result;
    private readonly long _maxResultBytes;
    private readonly Lock _gate = new();
    private readonly Action<InProcessRunner, StopOrder> _onKilled;
    private readonly SurrogateRules? _rules;
    private readonly LoggerTable _loggers;
    private InProcessCall? _current;
    private long _completed;

    public InProcessRunner(Dispatcher dispatcher, PoolLog log, long maxResultBytes, SurrogateRules? rules, LoggerTable loggers, Action<InProcessRunner, StopOrder> onKilled)
    {
        _result = new ResultEncoder(buffers: null, maxResultBytes);
        _maxResultBytes = maxResultBytes;
        _loggers = loggers;
        _rules = rules;
        _dispatcher = dispatcher;
        _log = log;
        _onKilled = onKilled;
        new Thread(RunAll) { Name = "mp-in-process", IsBackground = true }.Start();
    }

    public int Slot => 0;

    public long WorkingSetBytes => Environment.WorkingSet;

    public bool IsDebugged => Debugger.IsAttached;

    public RunningItem? Running
    {
        get
        {
            lock (_gate)
            {
                return _current is { } call ? new RunningItem(call.Work.Id, call.Item, Stopwatch.GetElapsedTime(call.Begun)) { IsDecoded = call.IsDecoded } : null;
            }
        }
    }

    /// <summary>
    /// Runs a hook, if there is one and the runner has not stopped; the result is what it threw, or null.
    /// </summary>
    public Task<Exception?> RunHookAsync(ReadOnlyMemory<byte> hook)
    {
        var done = new TaskCompletionSource<Exception?>(TaskCreationOptions.RunContinuationsAsynchronously);
        try
        {
            _queue.Add(() => done.SetResult(hook.IsEmpty ? null : RunHook(hook)));
        }
        catch (InvalidOperationException)
        {
            // The pool was terminated: then no exit hook runs, as in a worker.
            done.SetResult(null);
        }

        return done.Task;
    }

    public void Send(IReadOnlyList<Work> work)
    {
        foreach (var one in work)
        {
            try
            {
                _queue.Add(() => Run(one));
            }
            catch (InvalidOperationException)
            {
                // The pool has ended and has completed the work's calls.
            }
        }
    }

    public void Cancel(long unit, int item, int token)
    {
        InProcessCall? call;
        lock (_gate)
        {
            call = _current;
        }

        if (call?.Work.Id == unit && token == 0)
        {
            call.Cancel(item);
        }
    }

    // There is nobody to give it to.
    public void Recall(long[] units)
    {
    }

    public void Kill(StopOrder order) => _onKilled(this, order);

    public void MeasureCompilation(Action<TimeSpan> answer)
    {
        InProcessCall? call;
        lock (_gate)
        {
            call = _current;
        }

        answer(call?.CompilationSinceCall ?? TimeSpan.Zero);
    }

    public void ReportSlow(string label, TimeSpan elapsed, TimeSpan threshold) =>
        _log.CallIsSlow(label, Slot, Environment.ProcessId, (long)elapsed.TotalMilliseconds, (long)threshold.TotalMilliseconds, "in this process, where no stack is taken");

    public void Stop() => _queue.CompleteAdding();

    public WorkerInfo Describe()
    {
        var running = Running;
        return new WorkerInfo
        {
            Name = "w0",
            ProcessId = Environment.ProcessId,
            State = _queue.IsAddingCompleted ? WorkerState.Exited : running is null ? WorkerState.Idle : WorkerState.Busy,
            CurrentCall = running is { } item ? _dispatcher.LabelOf(this, item.Unit) : null,
            CurrentCallElapsed = running?.Elapsed,
            CallsCompleted = Interlocked.Read(ref _completed),
            DebuggerAttached = Debugger.IsAttached,
            WorkingSetBytes = WorkingSetBytes,
        };
    }

    private void RunAll()
    {
        foreach (var action in _queue.GetConsumingEnumerable())
        {
            _dispatcher.Guard(action);
        }
    }

    private Exception? RunHook(ReadOnlyMemory<byte> hook)
    {
        try
        {
            _result.Reset((ILiveExports?)_rules ?? NoLiveExports.Instance);
            _result.OnDecoded = null;
            CallOnce(hook, new InProcessCall(null!, 0, _maxResultBytes, _rules, _loggers, _log));
            return null;
        }
        catch (Exception exception)
        {
            return exception;
        }
    }

    private void Run(Work work)
    {
        var unit = work.Unit;
        var items = unit.Body;
        for (var item = unit.FirstItem; item < unit.FirstItem + unit.Count; item++)
        {
            var call = new InProcessCall(work, item, _maxResultBytes, _rules, _loggers, _log);
            lock (_gate)
            {
                _current = call;
            }

            _result.Reset((ILiveExports?)_rules ?? NoLiveExports.Instance);
            _result.OnDecoded = call.StartClock;
            try
            {
                if (work.IsAbandoned || _queue.IsAddingCompleted)
                {
                    throw new PoolEndedException();
                }

                if (unit.IsSequence)
                {
                    var arguments = ItemBlock.TakeItem(ref items);
                    CallTrace.Run(unit.Trace, () => CallItem(unit.Function, arguments, call));
                }
                else if (!unit.Function.IsEmpty)
                {
                    CallTrace.Run(unit.Trace, () => CallItem(unit.Function, unit.Body, call));
                }
                else
                {
                    CallTrace.Run(unit.Trace, () => CallOnce(unit.Body, call));
                }
            }
            catch (Exception exception)
            {
                _result.WriteFailure(exception);
            }

            lock (_gate)
            {
                _current = null;
            }

            Interlocked.Increment(ref _completed);
            _dispatcher.OnRecords(this, [new ResultRecord(work.Id, _result.Kind, item, 1, _result.TakeBody().ToArray())]);
        }
    }

    private void CallOnce(ReadOnlyMemory<byte> body, InProcessCall call)
    {
        using var reader = new BoundaryReader(body, call, Trust.Full);
        var function = reader.ReadFunction();
        Invoker.For(function).Invoke(function, reader, _result);
    }

    private void CallItem(ReadOnlyMemory<byte> functionGraph, ReadOnlyMemory<byte> arguments, InProcessCall call)
    {
        using var functionReader = new BoundaryReader(functionGraph, call, Trust.Full);
        var function = functionReader.ReadFunction();
        using var reader = new BoundaryReader(arguments, call, Trust.Full);
        Invoker.For(function).Invoke(function, reader, _result);
    }
}
