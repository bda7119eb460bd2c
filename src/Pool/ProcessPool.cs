using System.Diagnostics;
using MultiProc.Boundary;
using MultiProc.Calls;
using MultiProc.Control;
using MultiProc.Diagnostics;
using MultiProc.InProcess;
using MultiProc.Insights;
using MultiProc.Live;
using MultiProc.Protocol.Memory;
using MultiProc.Protocol.Messages;
using MultiProc.Records;
using MultiProc.Scheduling;
using MultiProc.Sequences;
using MultiProc.Validation;
using MultiProc.Workers;
using MultiProc.Workers.Launch;

namespace MultiProc;

/// <summary>
/// A pool of worker processes that run functions (<c>multiprocessing.Pool</c> in Python). Start it with <see cref="StartAsync(int, CancellationToken)"/>;
/// call through <see cref="ProcessPoolExtensions"/>. All members are safe to call from any number of threads.
/// </summary>
[DebuggerDisplay("{Options.Processes} workers, {Statistics.Busy} busy, {Statistics.Queued} queued")]
public sealed partial class ProcessPool : IProcessPool, IBlockingPool, IControlledPool
{
    private static readonly TimeSpan LeftoverTimeout = TimeSpan.FromSeconds(5);

    private readonly IWorkerSupervisor _workforce;
    private readonly Dispatcher _dispatcher;
    private readonly Callbacks _callbacks = new();
    private readonly RecentEvents _events;
    private readonly PoolLog _log;
    private readonly string? _controlPath;
    private readonly PoolMetrics _metrics;
    private readonly ListenerWatch _traceFailures;
    private readonly SharedBufferPool? _arguments;
    private readonly InsightsLedger? _insights;
    private readonly SemaphoreSlim? _places;
    private readonly CallPolicies _policies;
    private readonly SurrogateRules? _surrogates;
    private readonly PoolImports? _limited;
    private readonly LoggerTable _loggers = new();
    private readonly ItemTimes _itemTimes = new();
    private readonly DeferredDispatchThread _soon = new();
    private readonly LaunchThread _launch = new();
    private readonly WorkerMark _marks = new();
    private LiveExports? _spareLive;

    // What the hooks hold lives as long as the pool.
    private readonly LiveExports _hookLive;
    private readonly Lock _gate = new();
    private ControlEndpoint? _control;
    private Task? _joined;
    private Task? _terminated;
    private bool _closed;
    private bool _disposed;

    private ProcessPool(ProcessPoolOptions options)
    {
        Options = options;
        _policies = new CallPolicies(options);
        _places = options.QueueCapacity is { } capacity ? new SemaphoreSlim(capacity, capacity) : null;
        _events = RecentEvents.Create(options.LoggerFactory, TimeProvider.System, _callbacks);
        _log = new PoolLog(_events);
        _controlPath = ControlEndpoint.ChoosePath(_log);
        _surrogates = options.Rules;
        _limited = PoolImports.TryCreate(options);
        _insights = options.CollectInsights ? new InsightsLedger(_surrogates) : null;
        _metrics = new PoolMetrics(options.Name ?? AppDomain.CurrentDomain.FriendlyName, _log, _callbacks);

        // Copied once: every worker, also a later replacement, starts from the same state.
        var live = _hookLive = new LiveExports(_log.ProgressFailed, _surrogates, _loggers, _limited);
        var hooks = new WorkerHooks(CallEncoder.Kept(options.Initializer, live), CallEncoder.Kept(options.ExitHook, live), _surrogates, _surrogates?.Encode() ?? default);
        var settings = new DispatcherSettings(
            options.MaxTasksPerWorker, options.MaxWorkerMemoryBytes, options.CancellationGracePeriod, _places)
        {
            Observer = new PoolObserver(
                _metrics, _log, _callbacks, _insights, options.RecordDirectory is { } directory ? new CallRecorder(directory, options, hooks, _log) : null, countsBytes: options.Processes > 0),
            StackCaptureTimeout = options.StackCaptureTimeout,
            Defer = _soon.Run,
        };

        // Insights show arguments from the bytes that crossed, also later; those in a block would be others by then.
        _arguments = options.Processes == 0 || options.CollectInsights ? null : SharedBufferPool.TryCreate(othersRead: true);
        _workforce = options.Processes == 0
            ? new InProcessSupervisor(settings, hooks, _log, _insights, options.MaxResultBytes ?? IncomingResults.MaxBytes, _loggers)
            : new WorkerSupervisor(
                options, settings, _log, _metrics, _insights, TimeProvider.System,
                (dispatcher, clock) => new RunnerFactory(
                    options, _launch, _marks, _controlPath, _arguments, hooks, dispatcher, new LogRelay(options.LoggerFactory, _loggers, _log, _callbacks), _log, _metrics, clock,
                    _callbacks).StartAsync);
        _dispatcher = _workforce.Dispatcher;
        _traceFailures = new ListenerWatch(_log);
    }

    /// <inheritdoc/>
    public ProcessPoolOptions Options { get; }

    /// <inheritdoc/>
    public IReadOnlyList<WorkerInfo> Workers => _workforce.Snapshot();

    /// <inheritdoc/>
    public PoolStatistics Statistics
    {
        get
        {
            var counters = _dispatcher.Counters;
            return new PoolStatistics
            {
                Workers = counters.Runners,
                Busy = counters.Busy,
                Queued = counters.Queued,
                Completed = counters.Completed,
                Failed = counters.Failed,
                Retried = counters.Retried,
                WorkersRestarted = _workforce.Restarted,
                WorkersRecycled = _workforce.Recycled,
            };
        }
    }

    /// <summary>Starts a pool with a number of workers and default options.</summary>
    /// <param name="processes">As <see cref="ProcessPoolOptions.Processes"/>.</param>
    /// <param name="cancellationToken">Gives up starting; what has been started is ended.</param>
    /// <returns>The pool, once every worker is connected.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="processes"/> is out of range.</exception>
    /// <exception cref="WorkerStartException">From the task: a worker cannot be started.</exception>
    public static Task<ProcessPool> StartAsync(int processes, CancellationToken cancellationToken = default) =>
        Shortage(processes) ?? StartAsync(new ProcessPoolOptions { Processes = processes }, cancellationToken);

    /// <summary>Starts a pool.</summary>
    /// <param name="options">How to run it; null: the defaults.</param>
    /// <param name="cancellationToken">Gives up starting; what has been started is ended.</param>
    /// <returns>The pool, once every worker is connected and its initializer has run.</returns>
    /// <exception cref="ArgumentException">An option is out of its range.</exception>
    /// <exception cref="WorkerStartException">From the task: a worker cannot be started, or its initializer threw, which then is the inner exception.</exception>
    /// <exception cref="NotSerializableException">From the task: the initializer cannot be copied.</exception>
    public static Task<ProcessPool> StartAsync(ProcessPoolOptions? options = null, CancellationToken cancellationToken = default)
    {
        if (Shortage(options?.Processes ?? 1) is { } shortage)
        {
            return shortage;
        }

        Reexecution.ExitIfHookWasMissed();
        options = EnvironmentSwitches.Apply(options ?? new ProcessPoolOptions(), Environment.GetEnvironmentVariable);
        OptionChecks.Check(options);
        return StartOrExplainAsync(options, cancellationToken);
    }

    /// <summary>
    /// Where the workers' time went so far, and the slowest calls with their arguments: print it. It may be asked at any time, also after the pool has ended.
    /// </summary>
    /// <exception cref="InvalidOperationException">The pool was started without <see cref="ProcessPoolOptions.CollectInsights"/>.</exception>
    public PoolInsights Insights() => _insights?.Snapshot()
        ?? throw new InvalidOperationException(
            $"Nothing was collected. Start the pool with {nameof(ProcessPoolOptions)}.{nameof(ProcessPoolOptions.CollectInsights)} = true.");

    /// <inheritdoc/>
    public void Close()
    {
        lock (_gate)
        {
            _closed = true;
        }

        _dispatcher.Close();
    }

    /// <inheritdoc/>
    public Task JoinAsync(CancellationToken cancellationToken = default)
    {
        lock (_gate)
        {
            if (!_closed)
            {
                throw new InvalidOperationException("The pool is still open. Call Close, then JoinAsync.");
            }

            _joined ??= Task.Run(DrainAsync, CancellationToken.None);
            return _joined.WaitAsync(cancellationToken);
        }
    }

    /// <inheritdoc/>
    public Task TerminateAsync()
    {
        Close();
        TaskCompletionSource? first = null;
        Task end;
        lock (_gate)
        {
            if (_terminated is null)
            {
                first = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                _terminated = first.Task;
            }

            end = _terminated;
        }

        if (first is not null)
        {
            // Outside of the lock: whoever hears of the end of a call may ask the pool something.
            _ = EndNowAsync(first);
        }

        // Code that the pool has called and waits for cannot wait for the pool.
        return _callbacks.IsInside ? Task.CompletedTask : end;
    }

    /// <summary>Ends the pool now, as <see cref="TerminateAsync"/> does: leaving the scope ends the work, as Python's <c>with</c> does.</summary>
    public async ValueTask DisposeAsync()
    {
        lock (_gate)
        {
            _disposed = true;
        }

        await TerminateAsync().ConfigureAwait(false);
    }

    /// <summary>As <see cref="DisposeAsync"/>, blocking.</summary>
    public void Dispose() => DisposeAsync().AsTask().GetAwaiter().GetResult();

    // Before anything else: where there are too few descriptors, not even the assemblies can be loaded that the next steps need.
    private static Task<ProcessPool>? Shortage(int processes) =>
        Environment.GetEnvironmentVariable(EnvironmentNames.InProcess) is null && DescriptorLimit.Shortage(processes) is { } shortage
            ? Task.FromException<ProcessPool>(shortage)
            : null;

    // Whatever happens to need a descriptor next fails where there is none, and not always in words that say so.
    private static async Task<ProcessPool> StartOrExplainAsync(ProcessPoolOptions options, CancellationToken cancellationToken)
    {
        try
        {
            return await StartCheckedAsync(options, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is not (WorkerStartException or OperationCanceledException) && DescriptorLimit.Explain(exception) is { Length: > 0 } explained)
        {
            throw new WorkerStartException($"The pool could not be started: {exception.Message}{explained}", exception);
        }
    }

    private static async Task<ProcessPool> StartCheckedAsync(ProcessPoolOptions options, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (options.Processes > 0)
        {
            HostEnvironment.Check(options.Processes + options.StandbyWorkers);
        }

        var pool = new ProcessPool(options);
        pool._control = ControlEndpoint.Open(pool._controlPath, pool, pool._log);
        try
        {
            await pool._workforce.StartAsync(cancellationToken).ConfigureAwait(false);
            pool._metrics.Attach(pool);
            DescriptorLimit.NoteStarted();
            return pool;
        }
        catch
        {
            await pool.EndLeftoversAsync().ConfigureAwait(false);
            await pool.EndControlAsync().ConfigureAwait(false);
            pool.Forget();
            throw;
        }
    }

    private async Task DrainAsync()
    {
        await _dispatcher.Drained.ConfigureAwait(false);
        await EndAllAsync(_workforce.EndAsync).ConfigureAwait(false);
    }

    private async Task EndNowAsync(TaskCompletionSource ended)
    {
        try
        {
            _dispatcher.FailAll(static () => new PoolEndedException());
            await EndAllAsync(_workforce.EndNowAsync).ConfigureAwait(false);
            ended.SetResult();
        }
        catch (Exception exception)
        {
            // Not swallowed: it is what the end of the pool ends with.
            ended.SetException(exception);
        }
    }

    /// <summary>The workers, the control pipe, and the rest; each also when the one before it failed.</summary>
    private async Task EndAllAsync(Func<Task> endWorkers)
    {
        try
        {
            await endWorkers().ConfigureAwait(false);
        }
        finally
        {
            try
            {
                await EndLeftoversAsync().ConfigureAwait(false);
                await EndControlAsync().ConfigureAwait(false);
            }
            finally
            {
                Forget();
            }
        }
    }

    // What workers have started, and what has left them: also that of workers which left in peace.
    private async Task EndLeftoversAsync()
    {
        if (OperatingSystem.IsLinux() && Options.Processes > 0)
        {
            var looking = MarkedProcesses.KillAsync(_marks.Pool);
            if (await Task.WhenAny(looking, Task.Delay(LeftoverTimeout)).ConfigureAwait(false) == looking && !await looking.ConfigureAwait(false))
            {
                _log.NoteLeftoverScanFailed(_marks.Pool);
            }

            await _marks.EndGroupAsync().ConfigureAwait(false);
        }
    }

    // What the whole process has of the pool, and what it holds of the system.
    private void Forget()
    {
        _metrics.Detach();
        _traceFailures.Dispose();
        _arguments?.Dispose();
        _soon.Dispose();
        _launch.Dispose();
    }

    private void ThrowIfClosed()
    {
        lock (_gate)
        {
            if (_disposed)
            {
                throw new ObjectDisposedException(
                    typeof(ProcessPool).FullName, "The pool has been disposed: it takes no calls any more. Make them before the end of its 'await using', or start another pool.");
            }

            if (_closed)
            {
                throw new InvalidOperationException("The pool is closed: it takes no new calls. Start another pool, or submit before Close.");
            }
        }
    }
}
