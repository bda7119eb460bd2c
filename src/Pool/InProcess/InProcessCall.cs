using System.Diagnostics;
using System.Runtime;
using MultiProc.Boundary;
using MultiProc.Diagnostics;
using MultiProc.Live;
using MultiProc.Scheduling;

namespace MultiProc.InProcess;

/// <summary>
/// An item that runs in this process. It uses the caller's own token and progress objects; only reported values are
/// copied.
/// </summary>
/// <param name="work">The work that the item belongs to.</param>
/// <param name="item">The number of the item.</param>
/// <param name="maxBytes">The maximum size of a reported value, in bytes.</param>
/// <param name="rules">The rules of the pool; null: there are none.</param>
/// <param name="loggers">The loggers that were passed to workers.</param>
/// <param name="log">The log, for exceptions of callbacks on the call's token.</param>
internal sealed class InProcessCall(Work work, int item, long maxBytes, SurrogateRules? rules, LoggerTable loggers, PoolLog log) : ILiveImports
{
    private readonly CancellationTokenSource _own = new();
    private long _begun = Stopwatch.GetTimestamp();
    private TimeSpan _compiledBefore;
    private bool _isDecoded;

    public SurrogateRules? Rules => rules;

    public Work Work => work;

    public int Item => item;

    /// <summary>When it began, or, once <see cref="IsDecoded"/>, when its function was called.</summary>
    public long Begun => Volatile.Read(ref _begun);

    /// <summary>Whether the arguments are decoded: then its time limit runs.</summary>
    public bool IsDecoded => Volatile.Read(ref _isDecoded);

    /// <summary>How much time this process has spent on compiling since the function was called.</summary>
    public TimeSpan CompilationSinceCall => JitInfo.GetCompilationTime() - _compiledBefore;

    /// <summary>The function is about to be called.</summary>
    public void StartClock()
    {
        _compiledBefore = JitInfo.GetCompilationTime();
        Volatile.Write(ref _begun, Stopwatch.GetTimestamp());
        Volatile.Write(ref _isDecoded, true);
    }

    public void Cancel(int onlyItem)
    {
        if (onlyItem < 0 || onlyItem == item)
        {
            // User code may be registered on the token, so it must not run on the canceller's thread.
            ThreadPool.UnsafeQueueUserWorkItem(static call => call.CancelAndReport(), this, preferLocal: false);
        }
    }

    private void CancelAndReport()
    {
        try
        {
            _own.Cancel();
        }
        catch (Exception exception)
        {
            // A callback that the function registered threw. The cancellation itself has happened.
            log.CancellationCallbackFailed(exception);
        }
    }

    public CancellationToken ImportToken(int id) => id == 0 ? _own.Token : work.Live!.TokenOf(id);

    public object ImportLogger(int id, Type type) => loggers.Find(id) ?? throw new BoundaryFormatException("A logger is gone.");

    public object ImportProgress(int id, Type valueType) => work.Live!.Copying(id, maxBytes);
}
