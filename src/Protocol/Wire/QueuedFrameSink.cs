using System.IO.Pipes;

namespace MultiProc.Protocol.Wire;

/// <summary>
/// A frame sink of the host that never blocks the caller: a worker that has stopped reading must not block whoever
/// submits a call. A small frame is written at once if the pipe has space for it; other frames are queued for a thread
/// that may block. The queue is limited: work by what the dispatcher assigns to one worker, and everything else, such
/// as answers to a worker that never reads them, by a limit that ends the connection.
/// </summary>
internal sealed class QueuedFrameSink : IFrameSink
{
    private const int SmallFrame = 16_384;

    // Frames that carry no work have a few bytes each: cancellations, credit, freed memory, answers. The limit is far
    // more than any worker has outstanding at a time.
    private const long MaxWaiting = 1 << 24;
    private const int FrameOverhead = 64;

    private readonly PipeStream _pipe;
    private readonly object _gate = new();
    private readonly Queue<(Frame Frame, long Weight)> _frames = new();
    private long _waiting;
    private bool _isWriting;
    private bool _isClosed;

    public QueuedFrameSink(PipeStream pipe, string threadName)
    {
        _pipe = pipe;
        new Thread(WriteFrames) { Name = threadName, IsBackground = true }.Start();
    }

    public void Write(in Frame frame, bool isWork)
    {
        lock (_gate)
        {
            if (_isClosed)
            {
                throw new IOException("The connection to the worker is closed.");
            }

            if (!_isWriting && _frames.Count == 0 && frame.Rest is null && frame.First.Length <= SmallFrame && PipePoll.IsWritable(_pipe))
            {
                _pipe.Write(frame.First.Span);
                return;
            }

            var weight = isWork ? 0 : FrameOverhead + frame.Length;
            if (_waiting + weight > MaxWaiting)
            {
                throw new InvalidDataException(
                    $"{_waiting:N0} bytes of answers and other messages that it has caused wait to be sent, as it does not read them; at most {MaxWaiting:N0} may.");
            }

            _waiting += weight;
            _frames.Enqueue((frame.Copy(), weight));
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
            // The worker is gone. The reader notices that, too, and reports it. Frames that were not sent are known not
            // to have begun.
            Dispose();
        }
        catch (Exception)
        {
            // For example, no memory is left. The worker lives, and would wait for ever for what was not sent, so the
            // connection ends, and the reader reports it.
            Dispose();
            _pipe.Dispose();
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
            if (!_frames.TryDequeue(out var next))
            {
                return null;
            }

            _waiting -= next.Weight;
            return next.Frame;
        }
    }
}
