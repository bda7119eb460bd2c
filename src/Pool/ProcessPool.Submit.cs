using System.Runtime.ExceptionServices;
using MultiProc.Calls;
using MultiProc.Live;
using MultiProc.Protocol.Calls;
using MultiProc.Protocol.Memory;
using MultiProc.Protocol.Messages;
using MultiProc.Scheduling;
using MultiProc.Sequences;
using MultiProc.Validation;

namespace MultiProc;

public sealed partial class ProcessPool
{
    /// <inheritdoc/>
    public Task<TResult> SubmitAsync<TArguments, TResult>(
        Delegate function, TArguments arguments, CallOptions? options = null, CancellationToken cancellationToken = default)
        where TArguments : struct => Submit<TArguments, TResult>(function, arguments, options, cancellationToken).Task;

    /// <inheritdoc/>
    SingleCall<TResult> IBlockingPool.Submit<TArguments, TResult>(
        Delegate function, TArguments arguments, CallOptions? options, CancellationToken cancellationToken) =>
        Submit<TArguments, TResult>(function, arguments, options, cancellationToken);

    private SingleCall<TResult> Submit<TArguments, TResult>(
        Delegate function, TArguments arguments, CallOptions? options, CancellationToken cancellationToken)
        where TArguments : struct
    {
        ArgumentNullException.ThrowIfNull(function);
        var policy = _policies.Of(options, function);
        ThrowIfClosed();
        if (cancellationToken.IsCancellationRequested)
        {
            return SingleCall<TResult>.Cancelled(cancellationToken);
        }

        ReadOnlyMemory<byte> body;
        var code = CallEncoder.Code(function);
        LiveExports? live = Interlocked.Exchange(ref _spareLive, null) ?? new LiveExports(_log.ProgressFailed, _surrogates, _loggers, _limited);
        try
        {
            body = code.IsEmpty ? CallEncoder.Call(function, arguments, live, _arguments) : CallEncoder.Arguments(arguments, live, _arguments);
        }
        catch (NotSerializableException refusal)
        {
            return SingleCall<TResult>.Refused(refusal);
        }

        var span = CallTrace.Begin(policy.Label);
        var trace = CallTrace.ContextOf(span);
        var call = new SingleCall<TResult>(span);
        if (live.IsEmpty)
        {
            (_spareLive, live) = (live, null);
            if (trace is null && !code.IsEmpty && !cancellationToken.CanBeCanceled && _places is null
                && _dispatcher.TryJoin(call, policy, code, body))
            {
                return call;
            }
        }

        var unit = new WorkUnit(_dispatcher.NextId(), 0, 1, IsSequence: false, policy.IsTimed, code, body, trace);
        var work = new Work(unit, policy, call, live);
        if (_places is null)
        {
            Accept(call, work, cancellationToken);
        }
        else
        {
            _ = AcceptWhenThereIsRoomAsync(call, work, cancellationToken);
        }

        return call;
    }

    /// <inheritdoc/>
    public IAsyncEnumerable<FinishedItems<TResult>> SubmitSequenceAsync<TArguments, TResult>(
        Delegate function, IAsyncEnumerable<TArguments> source, bool inOrder, MapOptions? options = null, CancellationToken cancellationToken = default)
        where TArguments : struct
    {
        ArgumentNullException.ThrowIfNull(function);
        ArgumentNullException.ThrowIfNull(source);
        var policy = _policies.Of(options, function);
        ThrowIfClosed();
        var live = new LiveExports(_log.ProgressFailed, _surrogates, _loggers, _limited);
        ReadOnlyMemory<byte> code;
        try
        {
            code = CallEncoder.Function(function, live);
        }
        catch (NotSerializableException refusal)
        {
            return RefusedAsync<TResult>(refusal);
        }

        var plan = SequencePlan.Of(options ?? new MapOptions(), inOrder, Math.Max(1, _workforce.Count), (source as ICountedSource)?.Count, _itemTimes.Of(function));
        return new SequenceRun<TArguments, TResult>(_dispatcher, code, live, policy, plan, _arguments).EnumerateAsync(source, cancellationToken);
    }

    /// <inheritdoc/>
    public Task<TResult[]> SubmitToAllAsync<TResult>(Delegate function, CallOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(function);
        var policy = _policies.Of(options, function);
        ThrowIfClosed();
        return BroadcastAsync<TResult>(function, policy, cancellationToken);
    }

    /// <summary>A refusal comes where every other failure comes: with the results.</summary>
    private static async IAsyncEnumerable<FinishedItems<TResult>> RefusedAsync<TResult>(NotSerializableException refusal)
    {
        await Task.FromException(refusal).ConfigureAwait(false);
        yield break;
    }

    private async Task<TResult[]> BroadcastAsync<TResult>(Delegate function, CallPolicy policy, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var calls = new List<Task<TResult>>();
        ExceptionDispatchInfo? refusal = null;
        try
        {
            foreach (var slot in _workforce.Slots)
            {
                calls.Add(SubmitTo<TResult>(slot, function, policy, cancellationToken).Task);
            }
        }
        catch (Exception exception)
        {
            // The pool was closed just now, or the function could not be encoded again. The calls before it have been accepted, so they run.
            refusal = ExceptionDispatchInfo.Capture(exception);
        }

        // All have ended before the first failure is thrown: nothing of the broadcast is left running.
        await Task.WhenAll(calls).ContinueWith(static all => _ = all.Exception, TaskScheduler.Default).ConfigureAwait(false);
        refusal?.Throw();

        // Workers that were taken out of the pool meanwhile do not count, whether they still came to it or not: what is returned is by slot.
        if (calls.FindIndex(static call => call.Exception?.InnerException is SlotRemovedException) is var removed and >= 0)
        {
            calls.RemoveRange(removed, calls.Count - removed);
        }

        return await Task.WhenAll(calls).ConfigureAwait(false);
    }

    private SingleCall<TResult> SubmitTo<TResult>(int slot, Delegate function, CallPolicy policy, CancellationToken cancellationToken)
    {
        var live = new LiveExports(_log.ProgressFailed, _surrogates, _loggers, _limited);
        var body = CallEncoder.Call(function, default(ValueTuple), live, _arguments);
        var span = CallTrace.Begin(policy.Label);
        var call = new SingleCall<TResult>(span);
        var unit = new WorkUnit(_dispatcher.NextId(), 0, 1, IsSequence: false, policy.IsTimed, default, body, CallTrace.ContextOf(span));
        try
        {
            Accept(call, new Work(unit, policy, call, live) { PinnedSlot = slot }, cancellationToken);
        }
        catch (Exception exception)
        {
            CallTrace.End(span, exception);
            throw;
        }

        return call;
    }

    /// <inheritdoc/>
    public Task ResizeAsync(int processes, CancellationToken cancellationToken = default)
    {
        OptionChecks.CheckSize(processes, Options.Processes);
        ThrowIfClosed();
        return _workforce.ResizeAsync(processes, cancellationToken);
    }

    private void Accept<TResult>(SingleCall<TResult> call, Work work, CancellationToken cancellationToken)
    {
        try
        {
            _dispatcher.Submit(work);
        }
        catch
        {
            SharedBuffer.Release(work.Unit.Body);
            throw;
        }

        call.LinkCancellation(_dispatcher, work, cancellationToken);
    }

    private async Task AcceptWhenThereIsRoomAsync<TResult>(SingleCall<TResult> call, Work work, CancellationToken cancellationToken)
    {
        try
        {
            await _places!.WaitAsync(cancellationToken).ConfigureAwait(false);
            work.HoldsQueuePermit = true;
            Accept(call, work, cancellationToken);
        }
        catch (OperationCanceledException)
        {
            SharedBuffer.Release(work.Unit.Body);
            call.TryCancel(cancellationToken);
        }
        catch (InvalidOperationException exception)
        {
            // The pool was closed while the call waited to be accepted.
            _places!.Release();
            call.Fail(exception);
        }
        catch (Exception exception)
        {
            // Such as want of memory. Nobody awaits this: the call has to end.
            call.Fail(exception);
        }
    }
}
