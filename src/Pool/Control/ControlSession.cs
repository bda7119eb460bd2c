using System.IO.Pipes;
using MultiProc.Diagnostics;
using MultiProc.Json;
using MultiProc.Protocol.Control;

namespace MultiProc.Control;

/// <summary>
/// One client of a control pipe, from its connection to its end. Requests that have not been answered are cancelled
/// with it.
/// </summary>
internal sealed class ControlSession
{
    private static readonly TimeSpan DefaultInterval = TimeSpan.FromSeconds(1);

    private readonly IControlledPool _pool;
    private readonly ControlShare _share;
    private readonly PoolLog _log;
    private readonly ControlLink _link;
    private readonly ControlCalls _calls;
    private CancellationTokenSource _subscription = new();

    public ControlSession(NamedPipeServerStream pipe, IControlledPool pool, ControlShare share, PoolLog log)
    {
        _pool = pool;
        _share = share;
        _log = log;
        _link = ControlLink.ToClient(pipe, share.Budget, ControlJson.Values);
        _calls = new ControlCalls(pool, _link);
        _link.On(ControlMethods.Info, _ => Task.FromResult(_pool.Describe()));
        _link.On(ControlMethods.Functions, _calls.ListAsync);
        _link.On<SubscribeParameters, PoolInfo>(ControlMethods.Subscribe, Subscribe);
        _link.On(ControlMethods.Unsubscribe, _ => Unsubscribe());
        _link.On<CallParameters, System.Text.Json.JsonElement>(ControlMethods.Call, _calls.CallAsync);
        _link.On<MapParameters, MapAnswer>(ControlMethods.Map, _calls.MapAsync);
        _link.On<StopParameters, Acknowledged>(ControlMethods.Stop, Stop);
        _link.On<WorkerParameters, AffectedWorkers>(ControlMethods.Kill, (which, _) => OrderWorkers(which, _pool.Supervisor.Kill));
        _link.On<WorkerParameters, AffectedWorkers>(ControlMethods.Recycle, (which, _) => OrderWorkers(which, _pool.Supervisor.Recycle));
        _link.On<ResizeParameters, Acknowledged>(ControlMethods.Resize, ResizeAsync);
    }

    /// <summary>How long the client has not been reading what is written to it.</summary>
    public TimeSpan StalledFor => _link.StalledFor;

    /// <summary>Serves the client until it hangs up, or the pool ends. Never fails.</summary>
    public async Task RunAsync(CancellationToken ending)
    {
        try
        {
            _link.Start();
            await _link.Closed.WaitAsync(ending).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (_link.EndReason is { } trouble)
            {
                _log.ControlClientEnded(trouble);
            }
        }
        catch (Exception exception)
        {
            _log.ControlClientEnded(exception.Message);
        }
        finally
        {
            await _subscription.CancelAsync().ConfigureAwait(false);
            await _link.DisposeAsync().ConfigureAwait(false);
            _calls.Dispose();
        }
    }

    /// <summary>Ends the connection, from any thread.</summary>
    public void HangUp() => _link.HangUp();

    private Task<PoolInfo> Subscribe(SubscribeParameters parameters, CancellationToken cancellationToken)
    {
        _subscription.Cancel();
        _subscription = new CancellationTokenSource();
        _ = NotifyChangesAsync(parameters.Interval ?? DefaultInterval, _subscription.Token);
        return Task.FromResult(_pool.Describe());
    }

    private Task<Acknowledged> Unsubscribe()
    {
        _subscription.Cancel();
        return Task.FromResult(new Acknowledged());
    }

    private async Task NotifyChangesAsync(TimeSpan interval, CancellationToken cancellationToken)
    {
        using var counted = _share.AddSubscriber();
        try
        {
            while (true)
            {
                await Task.Delay(_share.Interval(interval), cancellationToken).ConfigureAwait(false);

                // One notification at a time: a client that does not read gets fewer, not ever more at once.
                await _link.NotifyAsync(ControlMethods.Changed, _share.Snapshot()).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException)
        {
            // The client has unsubscribed, or is gone.
        }
    }

    private Task<Acknowledged> Stop(StopParameters parameters, CancellationToken cancellationToken)
    {
        if (_pool.Options.ServedFunctions?.StopRequested is not { } stop)
        {
            throw new ControlFault(
                ControlErrorCode.Refused, "This pool belongs to an application, which alone may end it. End the application; or kill, recycle or resize its workers.");
        }

        stop(parameters?.Now ?? false);
        return Task.FromResult(new Acknowledged());
    }

    private Task<AffectedWorkers> OrderWorkers(WorkerParameters parameters, Func<int, bool> order)
    {
        if (_pool.Options.Processes == 0)
        {
            throw new ControlFault(ControlErrorCode.Refused, "This pool runs its calls in its own process: it has no workers.");
        }

        if (parameters?.Slot is { } slot && !_pool.Supervisor.Slots.Contains(slot))
        {
            throw new ControlFault(ControlErrorCode.InvalidParameters, $"The pool has no slot {slot}: its workers are w0 to w{_pool.Supervisor.Count - 1}.");
        }

        var slots = parameters?.Slot is { } only ? [only] : _pool.Supervisor.Slots;
        return Task.FromResult(new AffectedWorkers([.. slots.Where(order)]));
    }

    private async Task<Acknowledged> ResizeAsync(ResizeParameters parameters, CancellationToken cancellationToken)
    {
        try
        {
            await _pool.ResizeAsync(parameters.Processes, cancellationToken).ConfigureAwait(false);
            return new Acknowledged();
        }
        catch (ArgumentOutOfRangeException exception)
        {
            throw new ControlFault(ControlErrorCode.InvalidParameters, exception.Message);
        }
        catch (Exception exception) when (exception is InvalidOperationException or WorkerStartException)
        {
            throw new ControlFault(ControlErrorCode.Refused, exception.Message);
        }
    }
}
