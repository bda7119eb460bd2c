using MessagePack;
using MultiProc.Protocol.Memory;
using MultiProc.Protocol.Messages;
using MultiProc.Protocol.Wire;

namespace MultiProc.Protocol.Rpc;

/// <summary>
/// The worker's end of the pipe, whose other end is an <see cref="RpcLink"/>. It implements JSON-RPC 2.0 without
/// StreamJsonRpc, which would take half of a worker's start to load and compile: a worker sends no requests and answers
/// few. Thread-safe.
/// </summary>
/// <param name="pipe">The pipe to the host. Senders block while the host is slow to read.</param>
/// <param name="arguments">The shared memory in which the host may place large arguments; null: none.</param>
/// <param name="closed">
/// Called when the connection has ended, on the link's own thread or that of a sender, and so even if user code starves
/// the thread pool. The argument is the error in a message of the host; null: the host is gone.
/// </param>
internal sealed class WorkerLink(Stream pipe, SharedBufferPool? arguments, Action<Exception?> closed)
{
    /// <summary>
    /// The size in bytes of the parts of a larger body: small enough to be held twice, large enough that their number
    /// does not matter.
    /// </summary>
    public const int PartLength = 1 << 24;

    private const int MethodNotFound = -32601;

    private readonly Lock _gate = new();
    private readonly FrameBuilder _frame = new();

    /// <summary>
    /// Handles a message. It must not block: the next message, which may be a cancellation, is read only afterwards.
    /// </summary>
    public delegate void Handler(ref IncomingMessage message);

    /// <summary>Starts to handle incoming messages, in order, on a dedicated thread.</summary>
    public void Start(Handler handler) => new Thread(() => Serve(handler)) { Name = "mp-link", IsBackground = true }.Start();

    /// <summary>Sends a notification. On return it is in the pipe, or the connection has ended.</summary>
    public void Notify(string method, params object?[] parameters)
    {
        lock (_gate)
        {
            NotifyLocked(method, parameters);
        }
    }

    /// <summary>Sends the result of an item of any size.</summary>
    public void NotifyRecord(long unit, RecordKind kind, int item, ReadOnlyMemory<byte> body)
    {
        lock (_gate)
        {
            body = SendParts(unit, body);
            var head = new byte[ResultRecord.HeaderLength];
            ResultRecord.WriteHeader(head, unit, kind, item, 1, body.Length);
            NotifyLocked(Methods.Done, [new RecordBlock(head, body)]);
        }
    }

    /// <summary>Sends a report of any size.</summary>
    public void NotifyReport(long unit, int progress, ReadOnlyMemory<byte> value)
    {
        lock (_gate)
        {
            NotifyLocked(Methods.Report, [unit, progress, SendParts(unit, value)]);
        }
    }

    /// <summary>Answers a request.</summary>
    public void Answer(ReadOnlyMemory<byte> id, object? result)
    {
        lock (_gate)
        {
            var writer = new MessagePackWriter(_frame.Begin());
            Envelope.BeginResult(ref writer, id.Span);
            Parameters.Write(ref writer, result, _frame);
            writer.Flush();
            Send();
        }
    }

    /// <summary>Answers that there is no such method. A notification gets no answer, as JSON-RPC demands.</summary>
    public void AnswerMethodNotFound(in IncomingMessage message)
    {
        if (message.Id.IsEmpty)
        {
            return;
        }

        lock (_gate)
        {
            var writer = new MessagePackWriter(_frame.Begin());
            Envelope.WriteError(ref writer, message.Id.Span, MethodNotFound, $"A worker has no method '{message.Method}'.");
            writer.Flush();
            Send();
        }
    }

    // No message is sent between the parts and the message that follows them.
    private ReadOnlyMemory<byte> SendParts(long unit, ReadOnlyMemory<byte> body)
    {
        for (; body.Length > PartLength; body = body[PartLength..])
        {
            NotifyLocked(Methods.Part, [unit, body[..PartLength]]);
        }

        return body;
    }

    private void NotifyLocked(string method, object?[] parameters)
    {
        var writer = new MessagePackWriter(_frame.Begin());
        Envelope.BeginRequest(ref writer, method);
        Parameters.WriteAll(ref writer, parameters, _frame);
        writer.Flush();
        Send();
    }

    private void Send()
    {
        var frame = _frame.End();
        try
        {
            frame.WriteTo(pipe);
        }
        catch (Exception exception) when (exception is IOException or ObjectDisposedException)
        {
            // Usually the reader has noticed the end, too. But user code may have closed the descriptor, which the
            // reader does not notice.
            closed(null);
        }
    }

    private void Serve(Handler handler)
    {
        Exception? cause = null;
        try
        {
            var frames = new FrameReader(pipe);
            while (frames.TryRead(out var frame))
            {
                var message = IncomingMessage.Read(frame, frames, arguments);
                handler(ref message);
            }
        }
        catch (Exception exception)
        {
            // After any failure, the rest of the input cannot be trusted.
            cause = exception is ObjectDisposedException or (IOException and not EndOfStreamException) ? null : exception;
        }

        closed(cause);
    }
}
