using MessagePack;
using MultiProc.Protocol.Memory;
using MultiProc.Protocol.Messages;
using MultiProc.Protocol.Wire;

namespace MultiProc.Protocol.Rpc;

/// <summary>
/// The worker's end of a <see cref="RpcLink"/>. It serves JSON-RPC 2.0 without StreamJsonRpc, which would take half of a worker's start to load and compile:
/// a worker asks nothing, and answers little. Thread-safe.
/// </summary>
/// <param name="pipe">To the host. When the host is slow to read, whoever sends waits.</param>
/// <param name="arguments">Where the host may have placed what is large; null: nowhere.</param>
/// <param name="closed">
/// Told on the link's own thread, or on that of a sender, that the connection has ended: heard even when user code starves the thread pool. With what was wrong
/// with a message of the host; null: the host is gone.
/// </param>
internal sealed class WorkerLink(Stream pipe, BlockArea? arguments, Action<Exception?> closed)
{
    /// <summary>What is larger travels in parts of so many bytes: small enough to be held twice, large enough that their number does not matter.</summary>
    public const int PartLength = 1 << 24;

    private const int MethodNotFound = -32601;

    private readonly Lock _gate = new();
    private readonly FrameBuilder _frame = new();

    /// <summary>Handles a message. Not to block: the next one, which may be a cancellation, is heard only then.</summary>
    public delegate void Handler(ref IncomingMessage message);

    /// <summary>Begins to handle what comes, in order, on a thread of the link's own.</summary>
    public void Start(Handler handler) => new Thread(() => Serve(handler)) { Name = "mp-link", IsBackground = true }.Start();

    /// <summary>Sends a notification: it is in the pipe on return, or the connection has ended.</summary>
    public void Notify(string method, params object?[] parameters)
    {
        lock (_gate)
        {
            NotifyLocked(method, parameters);
        }
    }

    /// <summary>Sends how an item ended, however large that is.</summary>
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

    /// <summary>Sends a report, however large it is.</summary>
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

    /// <summary>There is no such method. Of a notification, as JSON-RPC has it, nobody is told.</summary>
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

    // Nothing comes between them and what is behind them.
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
            // Usually the reader has noticed, too. But user code may have closed our descriptor, and then it notices nothing.
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
            // Whatever it was, what comes behind it cannot be trusted.
            cause = exception is ObjectDisposedException or (IOException and not EndOfStreamException) ? null : exception;
        }

        closed(cause);
    }
}
