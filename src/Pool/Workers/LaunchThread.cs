using System.Collections.Concurrent;

namespace MultiProc.Workers;

/// <summary>
/// The thread that starts all workers of a pool. The kernel sends a worker its parent-death signal when the thread that
/// started it ends, so this thread lives as long as the pool. Thread-safe.
/// </summary>
internal sealed class LaunchThread : IDisposable
{
    private readonly Lock _gate = new();
    private readonly BlockingCollection<Action> _starts = [];
    private Thread? _thread;
    private bool _isDisposed;

    /// <summary>Runs <paramref name="start"/> on the thread, after everything that was queued before.</summary>
    /// <exception cref="ObjectDisposedException">The pool has ended.</exception>
    public Task<T> RunAsync<T>(Func<T> start)
    {
        var done = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            if (_thread is null)
            {
                _thread = new Thread(RunAll) { Name = "mp-launch", IsBackground = true };
                _thread.UnsafeStart();
            }

            _starts.Add(() => Run(start, done));
        }

        return done.Task;
    }

    /// <summary>Ends the thread. All workers have ended by then, or are about to.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            if (!_isDisposed)
            {
                _isDisposed = true;
                _starts.CompleteAdding();
            }
        }
    }

    private static void Run<T>(Func<T> start, TaskCompletionSource<T> done)
    {
        try
        {
            done.SetResult(start());
        }
        catch (Exception exception)
        {
            done.SetException(exception);
        }
    }

    private void RunAll()
    {
        foreach (var start in _starts.GetConsumingEnumerable())
        {
            start();
        }

        _starts.Dispose();
    }
}
