using System.IO.Pipes;

namespace MultiProc.Protocol.Wire;

/// <summary>
/// For the host: a worker that has stopped reading must never block whoever submits a call. A small frame is written at once if the pipe has room for it;
/// anything else is left to a thread that may block. What can wait here is bounded by what the dispatcher assigns to one worker.
/// </summary>
internal sealed class QueuedFrameSink : IFrameSink
{
    private const int SmallFrame = 16_384;

    private readonly PipeStream _pipe;
    private readonly object _gate = new();
    private readonly Queue<Frame> _frames = new();
    private bool _isWriting;
    private bool _isClosed;

    public QueuedFrameSink(PipeStream pipe, string threadName)
    {
        _pipe = pipe;
        new Thread(WriteFrames) { Name = threadName, IsBackground = true }.Start();
    }

    public void Write(in Frame frame)
    {
        lock (_gate)
        {
            if (_isClosed)
            {
                throw new IOException("The connection to the worker is closed.");
            }

            if (!_isWriting && _frames.Count == 0 && frame.Rest is null && frame.First.Length <= SmallFrame && PipeRoom.IsAmple(_pipe))
            {
                _pipe.Write(frame.First.Span);
                return;
            }

            _frames.Enqueue(frame.Kept());
            Monitor.Pulse(_gate);
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            _isClosed = true;
            Monitor.Pulse(_gate);
        }
    }

    private void WriteFrames()
    {
        try
        {
            while (Next() is { } frame)
            {
                frame.WriteTo(_pipe);
            }
        }
        catch (Exception exception) when (exception is IOException or ObjectDisposedException or InvalidOperationException)
        {
            // The worker is gone. The reading side learns the same and tells it; what was not sent is known to be not begun.
            Dispose();
        }
    }

    private Frame? Next()
    {
        lock (_gate)
        {
            _isWriting = false;
            while (_frames.Count == 0 && !_isClosed)
            {
                Monitor.Wait(_gate);
            }

            _isWriting = true;
            return _frames.TryDequeue(out var frame) ? frame : null;
        }
    }
}
