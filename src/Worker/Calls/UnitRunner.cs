using System.Diagnostics;
using System.Runtime;
using MultiProc.Boundary;
using MultiProc.Protocol.Calls;
using MultiProc.Protocol.Memory;
using MultiProc.Protocol.Messages;
using MultiProc.Protocol.Status;

namespace MultiProc.Worker.Calls;

/// <summary>
/// The runner of units of work. It runs a unit's items one after another, on the main thread, and adds each result to
/// the outbox before the next item begins.
/// </summary>
internal sealed class UnitRunner(StatusPage page, Outbox outbox, Inbox inbox, LiveLinks links, BuildCheck buildCheck, SharedBufferPool? results, long maxResultBytes)
{
    // Half a millisecond, in ticks of the clock.
    private static readonly long LongUnitTicks = Stopwatch.Frequency / 2_000;

    private readonly ResultEncoder _result = new(results, maxResultBytes);

    // Consecutive calls tend to be of the same function.
    private byte[] _code = [];
    private Delegate? _function;
    private Invoker? _invoker;

    private long _begun;

    // The running item, if it is timed. The link's thread reads the last field.
    private Action? _startClock;
    private long _unit;
    private int _item;
    private long _compiledBefore;

    /// <summary>
    /// The time that this process has spent on compilation, in all threads, since the function of the running item was
    /// called. Items without a time limit do not reset it. On any thread.
    /// </summary>
    public TimeSpan CompilationSinceCall => JitInfo.GetCompilationTime() - TimeSpan.FromTicks(Volatile.Read(ref _compiledBefore));

    /// <summary>Whether the last unit took so long that its results are worth a message of their own.</summary>
    public bool HasTakenLong { get; private set; }

    public void Run(Job job)
    {
        HasTakenLong = false;
        var unit = job.Unit;
        links.Serve(job);
        if (job.Initialized is { } initialized)
        {
            initialized(Initialize(unit));
            return;
        }

        if (!job.TryBegin(unit.FirstItem))
        {
            return;
        }

        _begun = Stopwatch.GetTimestamp();
        (_unit, _item) = (unit.Id, unit.FirstItem);
        _result.OnDecoded = unit.IsTimed ? _startClock ??= StartClock : null;
        page.Begin(unit.Id, unit.FirstItem, _begun, isDecoded: !unit.IsTimed);
        if (unit.IsSequence)
        {
            RunSequence(job);
        }
        else
        {
            RunCall(unit);
        }

        SharedBuffer.Release(unit.Body);
        job.End();
        page.EndUnit();
    }

    /// <summary>
    /// Runs the exit hook, the last function of a worker. Nobody waits for its result; an exception is printed.
    /// </summary>
    public void RunExitHook(ReadOnlyMemory<byte> hook)
    {
        if (hook.IsEmpty)
        {
            return;
        }

        links.Serve(new Job(new WorkUnit(0, 0, 1, false, false, default, hook), new AsymmetricLock(), page));
        _result.OnDecoded = null;
        _result.Reset(links);
        try
        {
            CallOnce(hook);
        }
        catch (Exception exception)
        {
            Console.Error.WriteLine($"The exit hook failed: {exception}");
        }
    }

    // The limit applies to the function, and not to the decoding of its arguments. Compilation time is not counted
    // either: the host asks for it.
    private void StartClock()
    {
        Volatile.Write(ref _compiledBefore, JitInfo.GetCompilationTime().Ticks);
        page.StartClock(_unit, _item, Stopwatch.GetTimestamp());
    }

    private byte[] Initialize(WorkUnit unit)
    {
        if (unit.Body.IsEmpty && inbox.Rules.IsEmpty)
        {
            return [];
        }

        try
        {
            links.LearnRules(inbox.Rules);
            _result.Reset(links);
            if (!unit.Body.IsEmpty)
            {
                CallOnce(unit.Body);
            }

            return [];
        }
        catch (Exception exception)
        {
            WriteFailure(exception);
            return _result.TakeBody().ToArray();
        }
    }

    private void CallOnce(ReadOnlyMemory<byte> body)
    {
        using var reader = new BoundaryReader(body, links, Trust.Full);
        var function = reader.ReadFunction();
        Invoker.For(function).Invoke(function, reader, _result);
    }

    private void CallCached(in WorkUnit unit)
    {
        if (!unit.Function.Span.SequenceEqual(_code))
        {
            _code = [];
            _function = ReadFunction(unit.Function);
            _invoker = Invoker.For(_function);
            _code = unit.Function.ToArray();
        }

        if (!_invoker!.TryInvokeOnNumbers(_function!, unit.Body.Span, _result))
        {
            InvokeOnGraph(_invoker, _function!, unit.Body);
        }
    }

    private void RunSequence(Job job)
    {
        var unit = job.Unit;
        var rest = unit.Body.Span;
        var end = unit.FirstItem + unit.Count;
        Delegate? function = null;
        Invoker? invoker = null;
        for (var item = unit.FirstItem; item < end; item++)
        {
            if (item > unit.FirstItem)
            {
                if (!job.TryBegin(item))
                {
                    return;
                }

                _item = item;
                page.Begin(unit.Id, item, unit.IsTimed ? Stopwatch.GetTimestamp() : _begun, isDecoded: !unit.IsTimed);
            }

            _result.Reset(links);
            var span = CallTrace.Continue(unit.Trace);
            try
            {
                var arguments = ItemBlock.TakeItem(ref rest);
                if (function is null)
                {
                    // If earlier calls of the function were sent without captured variables, one delegate serves all.
                    function = unit.Function.Span.SequenceEqual(_code) ? _function! : ReadFunction(unit.Function);
                    invoker = Invoker.For(function);
                }

                if (!invoker!.TryInvokeOnNumbers(function, arguments, _result))
                {
                    InvokeOnGraph(invoker, function, unit.Body[..^rest.Length][^arguments.Length..]);
                }
            }
            catch (Exception exception)
            {
                CallTrace.Note(span, exception);
                WriteFailure(exception);
            }

            CallTrace.Stop(span);
            if (item == end - 1 && unit.Count > 1)
            {
                outbox.AddDuration(unit.Id, unit.FirstItem, unit.Count, Stopwatch.GetElapsedTime(_begun));
            }

            End(unit.Id, item, isLast: item == end - 1);
        }
    }

    private void InvokeOnGraph(Invoker invoker, Delegate function, ReadOnlyMemory<byte> arguments)
    {
        using var reader = new BoundaryReader(arguments, links, Trust.Full);
        invoker.Invoke(function, reader, _result);
    }

    private Delegate ReadFunction(ReadOnlyMemory<byte> graph)
    {
        using var reader = new BoundaryReader(graph, links, Trust.Full);
        return reader.ReadFunction();
    }

    private void RunCall(in WorkUnit unit)
    {
        _result.Reset(links);
        if (unit.Trace is null)
        {
            Call(unit);
        }
        else
        {
            CallTraced(unit);
        }

        End(unit.Id, 0, isLast: true);
    }

    private void CallTraced(in WorkUnit unit)
    {
        var span = CallTrace.Continue(unit.Trace);
        CallTrace.Note(span, Call(unit));
        CallTrace.Stop(span);
    }

    /// <returns>The exception that the function threw; null: it returned.</returns>
    private Exception? Call(in WorkUnit unit)
    {
        try
        {
            if (unit.Function.IsEmpty)
            {
                CallOnce(unit.Body);
            }
            else
            {
                CallCached(unit);
            }

            return null;
        }
        catch (Exception exception)
        {
            WriteFailure(exception);
            return exception;
        }
    }

    private void WriteFailure(Exception exception)
    {
        if (exception is BoundaryFormatException unreadable && !_result.HasDecoded)
        {
            buildCheck.Run(unreadable);
        }

        links.LearnApplication();
        _result.WriteFailure(exception);
    }

    private void End(long unit, int item, bool isLast)
    {
        if (unit != WorkUnit.WarmupId)
        {
            page.CountItem();
        }

        var next = AfterResult.NextItem;
        if (isLast)
        {
            var ticks = Stopwatch.GetTimestamp() - _begun;
            page.CountUnit(ticks);
            HasTakenLong = ticks >= LongUnitTicks;
            next = inbox.IsEmpty || HasTakenLong ? AfterResult.Flush : AfterResult.NextUnit;
        }

        // The order matters: only <see cref="ResultEncoder.TakeBody"/> decides whether the result is placed, which
        // <see cref="ResultEncoder.Kind"/> then says.
        var body = _result.TakeBody();
        outbox.Add(unit, item, _result.Kind, body, next);
    }
}
