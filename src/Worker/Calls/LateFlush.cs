namespace MultiProc.Worker.Calls;

/// <summary>Flushes results that nobody else has flushed a millisecond later: a result must not wait for the next call to end, which may take hours.</summary>
/// <param name="flush">Called on a thread of its own. Calls <see cref="Rest"/> in the end.</param>
internal sealed class LateFlush(Action flush) : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(1);

    private readonly AutoResetEvent _wanted = new(false);
    private Thread? _thread;
    private volatile bool _isWanted;
    private volatile bool _isDisposed;

    /// <summary>There is something to flush. Not for two threads at a time.</summary>
    public void Want()
    {
        if (_isWanted)
        {
            return;
        }

        _isWanted = true;
        _wanted.Set();
        if (_thread is null)
        {
            _thread = new Thread(Run) { Name = "mp-flush", IsBackground = true };
            _thread.Start();
        }
    }

    /// <summary>There is nothing to flush any more.</summary>
    public void Rest() => _isWanted = false;

    public void Dispose()
    {
        _isDisposed = true;
        _wanted.Set();
    }

    private void Run()
    {
        while (true)
        {
            _wanted.WaitOne();
            if (_isDisposed)
            {
                _wanted.Dispose();
                return;
            }

            Thread.Sleep(Patience);
            flush();
        }
    }
}
