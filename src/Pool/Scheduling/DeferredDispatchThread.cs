using System.Collections.Concurrent;

namespace MultiProc.Scheduling;

/// <summary>A thread that runs actions soon, one after another. In the thread pool they might wait for callers who block it until they have their results. Thread-safe.</summary>
internal sealed class DeferredDispatchThread : IDisposable
{
    // Where processors are short, this interrupts the caller, which would submit more otherwise.
    private const int Yields = 4;

    private readonly Lock _gate = new();
    private readonly ConcurrentQueue<Action> _wanted = new();
    private readonly AutoResetEvent _arrived = new(false);
    private Thread? _thread;
    private bool _isDisposed;

    /// <summary>Soon, unless it is disposed before.</summary>
    public void Run(Action action)
    {
        lock (_gate)
        {
            if (_isDisposed)
            {
                return;
            }

            _wanted.Enqueue(action);
            if (_thread is null)
            {
                _thread = new Thread(RunAll) { Name = "mp-soon", IsBackground = true };
                _thread.UnsafeStart();
            }

            _arrived.Set();
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            if (_isDisposed)
            {
                return;
            }

            _isDisposed = true;
            if (_thread is null)
            {
                _arrived.Dispose();
            }
            else
            {
                _arrived.Set();
            }
        }
    }

    private void RunAll()
    {
        while (true)
        {
            _arrived.WaitOne();
            if (Volatile.Read(ref _isDisposed))
            {
                _arrived.Dispose();
                return;
            }

            for (var i = 0; i < Yields; i++)
            {
                Thread.Yield();
            }

            while (_wanted.TryDequeue(out var action))
            {
                action();
            }
        }
    }
}
