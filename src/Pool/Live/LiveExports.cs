using Microsoft.Extensions.Logging;
using MultiProc.Boundary;
using MultiProc.Protocol.Calls;

namespace MultiProc.Live;

/// <summary>
/// The live objects of one call or map: the caller's tokens and progress objects, by the numbers that the worker uses for
/// them. Thread-safe.
/// </summary>
/// <remarks>
/// Most calls have no live objects. So the object serves as its own lock and allocates nothing before it is needed.
/// </remarks>
internal sealed class LiveExports(Action<Exception> onProgressError, SurrogateRules? rules = null, LoggerTable? loggers = null, PoolImports? limited = null)
    : ILiveExports
{
    private int _hasProgressFailed;
    private List<object>? _exports;
    private List<ILogger>? _loggers;
    private Queue<Action>? _posted;
    private bool _isDraining;

    public SurrogateRules? Rules => rules;

    /// <summary>Whether anything may be reported; then results take their turn behind the reports.</summary>
    public bool HasProgress { get; private set; }

    /// <summary>Whether nothing crosses live, and no function that could come back.</summary>
    public bool IsEmpty => _exports is null && _loggers is null && Functions is null;

    /// <summary>
    /// The functions that crossed, besides the called one; null: none, or only such as may come back from anywhere.
    /// </summary>
    public SentFunctions? Functions { get; private set; }

    /// <summary>A report was not accepted from the worker: so its call fails.</summary>
    public BoundaryException? RefusedReport { get; private set; }

    /// <summary>Whether there are tokens to forward.</summary>
    public bool HasTokens { get; private set; }

    public int ExportToken(CancellationToken token)
    {
        if (token == CallToken.Own)
        {
            return 0;
        }

        HasTokens = true;
        return Export(token, token);
    }

    public int ExportProgress(object progress, Type valueType)
    {
        HasProgress = true;
        return Export(progress, Activator.CreateInstance(typeof(ProgressTarget<>).MakeGenericType(valueType), progress)!);
    }

    public int ExportLogger(object logger)
    {
        if (loggers is null)
        {
            return -1;
        }

        // Kept as long as the call is.
        lock (this)
        {
            (_loggers ??= []).Add((ILogger)logger);
        }

        return loggers.NumberOf((ILogger)logger);
    }

    /// <summary>A token that crossed and has been signalled; null: none has.</summary>
    public CancellationToken? CancelledToken
    {
        get
        {
            lock (this)
            {
                for (var i = 0; i < _exports?.Count; i++)
                {
                    if (_exports[i] is CancellationToken { IsCancellationRequested: true } token)
                    {
                        return token;
                    }
                }

                return null;
            }
        }
    }

    public void OnSharing(IItemLimits limits) => limited?.OnAttached(limits);

    public void OnSending(FunctionReference function)
    {
        if (function.IsRemembered)
        {
            lock (this)
            {
                Functions ??= new SentFunctions();
            }

            Functions.Add(function);
        }
    }

    /// <summary>
    /// Forwards cancellations, by number, until the result is disposed; those that have happened at once.
    /// </summary>
    public IDisposable LinkTokens(Action<int> signal)
    {
        List<(int Id, CancellationToken Token)> tokens = [];
        lock (this)
        {
            for (var i = 0; i < _exports?.Count; i++)
            {
                if (_exports[i] is CancellationToken token)
                {
                    tokens.Add((i + 1, token));
                }
            }
        }

        // Outside the lock: a token that is cancelled already signals from here.
        return new TokenLinks([.. tokens.Select(export => export.Token.UnsafeRegister(_ => signal(export.Id), null))]);
    }

    /// <summary>A worker reported a value.</summary>
    /// <param name="id">The progress object's number.</param>
    /// <param name="value">The graph of the value; it is kept.</param>
    /// <param name="done">Called when the value has been dealt with.</param>
    public void Report(int id, ReadOnlyMemory<byte> value, Action done) =>
        Post(() =>
        {
            try
            {
                Target(id)?.Report(value, Functions, PoolImports.Of(limited, rules));
            }
            catch (BoundaryException refusal)
            {
                RefusedReport ??= refusal;
            }
            catch (Exception exception)
            {
                OnProgressFailed(exception);
            }
            finally
            {
                done();
            }
        });

    /// <summary>
    /// Reports once that a progress object of the caller threw on a thread where no caller can catch it.
    /// </summary>
    public void OnProgressFailed(Exception exception)
    {
        if (Interlocked.Exchange(ref _hasProgressFailed, 1) == 0)
        {
            onProgressError(exception);
        }
    }

    /// <summary>For a call in this process: the caller's token itself.</summary>
    public CancellationToken TokenOf(int id)
    {
        lock (this)
        {
            return (CancellationToken)_exports![id - 1];
        }
    }

    /// <summary>
    /// For a call in this process: a progress object that copies each value and takes it to the caller's, in order.
    /// </summary>
    public object Copying(int id, long maxBytes) => Target(id)!.Copying(value => Report(id, value, static () => { }), rules, maxBytes);

    /// <summary>Runs actions one after another, in order, on the thread pool.</summary>
    public void Post(Action action)
    {
        lock (this)
        {
            (_posted ??= new Queue<Action>()).Enqueue(action);
            if (_isDraining)
            {
                return;
            }

            _isDraining = true;
        }

        ThreadPool.UnsafeQueueUserWorkItem(static exports => exports.Drain(), this, preferLocal: false);
    }

    private void Drain()
    {
        while (true)
        {
            Action? action;
            lock (this)
            {
                if (!_posted!.TryDequeue(out action))
                {
                    _isDraining = false;
                    return;
                }
            }

            try
            {
                action();
            }
            catch (Exception exception)
            {
                // An unhandled exception here would end the application. The actions that follow still run.
                OnProgressFailed(exception);
            }
        }
    }

    private ProgressTarget? Target(int id)
    {
        lock (this)
        {
            return id > 0 && id <= _exports?.Count ? _exports[id - 1] as ProgressTarget : null;
        }
    }

    private int Export(object original, object export)
    {
        lock (this)
        {
            // A token or progress object that is passed twice is one object in the worker, too.
            _exports ??= [];
            var known = _exports.FindIndex(other => other.Equals(original) || (other is ProgressTarget target && target.Original == original));
            if (known >= 0)
            {
                return known + 1;
            }

            _exports.Add(export);
            return _exports.Count;
        }
    }

    private abstract class ProgressTarget(object original)
    {
        public object Original => original;

        public abstract void Report(ReadOnlyMemory<byte> value, SentFunctions? sent, ILiveImports live);

        public abstract object Copying(Action<ReadOnlyMemory<byte>> report, SurrogateRules? rules, long maxBytes);
    }

    private sealed class ProgressTarget<T>(IProgress<T> progress) : ProgressTarget(progress)
    {
        public override void Report(ReadOnlyMemory<byte> value, SentFunctions? sent, ILiveImports live)
        {
            progress.Report(BoundaryReader.Read<T>(value, live, Trust.InWorkers, new CallFunctions(null, sent), "value"));
        }

        public override object Copying(Action<ReadOnlyMemory<byte>> report, SurrogateRules? rules, long maxBytes) => new CopyingProgress<T>(report, rules, maxBytes);
    }

    private sealed class CopyingProgress<T>(Action<ReadOnlyMemory<byte>> report, SurrogateRules? rules, long maxBytes) : IProgress<T>
    {
        public void Report(T value)
        {
            report(ReportedValue.Encode(value, (ILiveExports?)rules ?? NoLiveExports.Instance, maxBytes));
        }
    }

    private sealed class TokenLinks(CancellationTokenRegistration[] links) : IDisposable
    {
        public void Dispose()
        {
            foreach (var link in links)
            {
                // Unregister, unlike Dispose, does not wait for a running callback, which may be waiting for the
                // lock that the caller holds.
                link.Unregister();
            }
        }
    }
}
