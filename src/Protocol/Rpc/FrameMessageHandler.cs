using System.Threading.Tasks.Sources;
using MultiProc.Protocol.Messages;
using MultiProc.Protocol.Wire;
using StreamJsonRpc;
using StreamJsonRpc.Protocol;

namespace MultiProc.Protocol.Rpc;

/// <summary>
/// A message handler of StreamJsonRpc for numbered, length-prefixed frames (as its <c>LengthHeaderMessageHandler</c>,
/// plus numbers), read by a dedicated blocking thread. All incoming messages are handled on that thread: user code that
/// starves the thread pool cannot delay a cancellation, and a blocking read has less latency than an asynchronous one.
/// </summary>
internal sealed class FrameMessageHandler : MessageHandlerBase, IValueTaskSource<JsonRpcMessage?>
{
    private readonly Stream _stream;
    private readonly IFrameSink _sink;
    private readonly Thread _thread;
    private readonly SemaphoreSlim _readRequested = new(0);
    private readonly FrameBuilder _frame = new();
    private readonly int _maxFrame;
    private bool _isReadPending;
    private string? _brokenBy;
    private ManualResetValueTaskSourceCore<JsonRpcMessage?> _read;

    public FrameMessageHandler(Stream stream, IFrameSink sink, string threadName, int maxFrame)
        : base(new MessageFormatter())
    {
        _maxFrame = maxFrame;
        _stream = stream;
        _sink = sink;
        _thread = new Thread(Run) { Name = threadName, IsBackground = true };
        _thread.Start();
    }

    public override bool CanRead => true;

    public override bool CanWrite => true;

    JsonRpcMessage? IValueTaskSource<JsonRpcMessage?>.GetResult(short token) => _read.GetResult(token);

    ValueTaskSourceStatus IValueTaskSource<JsonRpcMessage?>.GetStatus(short token) => _read.GetStatus(token);

    void IValueTaskSource<JsonRpcMessage?>.OnCompleted(
        Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _read.OnCompleted(continuation, state, token, flags);

    /// <summary>
    /// Ends the connection because of what the other side has sent, or has not read. From any thread.
    /// </summary>
    public void Break(string reason)
    {
        if (Interlocked.CompareExchange(ref _brokenBy, reason, null) is null)
        {
            // Ends the blocking read, whose thread reports the reason.
            _sink.Dispose();
            _stream.Dispose();
        }
    }

    protected override ValueTask<JsonRpcMessage?> ReadCoreAsync(CancellationToken cancellationToken)
    {
        _read.Reset();
        Volatile.Write(ref _isReadPending, true);
        var pending = new ValueTask<JsonRpcMessage?>(this, _read.Version);
        _readRequested.Release();
        return pending;
    }

    protected override ValueTask WriteCoreAsync(JsonRpcMessage content, CancellationToken cancellationToken)
    {
        // The base class serializes writes.
        var buffer = _frame.Begin();
        MessageFormatter.Write(content, buffer, _frame);
        try
        {
            _sink.Write(_frame.End(), content is JsonRpcRequest { Method: Methods.Run or Methods.Initialize });
        }
        catch (InvalidDataException exception)
        {
            Break(exception.Message);
        }

        return default;
    }

    protected override ValueTask FlushAsync(CancellationToken cancellationToken) => default;

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            // Ends the blocking read, or the wait for the next one. The semaphore is left to the collector: the thread
            // may be about to wait on it.
            _sink.Dispose();
            _stream.Dispose();
            _readRequested.Release();
        }

        base.Dispose(disposing);
    }

    private void Run()
    {
        try
        {
            ReadFrames();
        }
        catch (Exception)
        {
            // An unhandled exception would terminate the application. Without its pipe the worker ends, and its end is
            // reported.
            _stream.Dispose();
        }
    }

    private void ReadFrames()
    {
        var frames = new FrameReader(_stream, _maxFrame);
        while (true)
        {
            // The previous message no longer uses the buffer when the next one is requested.
            _readRequested.Wait();
            if (!Interlocked.Exchange(ref _isReadPending, false))
            {
                // The handler was disposed while a message was handled: there is no next read.
                return;
            }

            JsonRpcMessage? message;
            try
            {
                message = frames.TryRead(out var frame) ? MessageFormatter.Read(frame) : null;
            }
            catch (Exception exception)
            {
                // JsonRpc ends the connection for this reason.
                _read.SetException(Volatile.Read(ref _brokenBy) is { } reason ? new InvalidDataException(reason) : exception);
                return;
            }

            if (message is null && Volatile.Read(ref _brokenBy) is { } cause)
            {
                _read.SetException(new InvalidDataException(cause));
                return;
            }

            // The continuation, which handles the message, runs synchronously here.
            _read.SetResult(message);
            if (message is null)
            {
                return;
            }
        }
    }
}
