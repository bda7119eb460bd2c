using System.Buffers;
using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json;
using StreamJsonRpc;
using StreamJsonRpc.Protocol;

namespace MultiProc.Protocol.Control;

/// <summary>
/// The message handler of one connection of a control pipe, between its bytes and the JSON-RPC library. It enforces the
/// limits for clients (<see cref="ControlLimits"/>), and answers input that is not a request with the error of
/// JSON-RPC, without passing it on. Outgoing messages wait in a queue of this connection, so that a client that does
/// not read delays no other.
/// </summary>
/// <param name="stream">The pipe; disposed with this object.</param>
/// <param name="isServer">Whether this is the pool's end, which receives requests and sends answers.</param>
/// <param name="budget">The memory budget of the pool's connections.</param>
/// <param name="values">How parameters and answers are written.</param>
/// <param name="isHungUp">
/// Whether the other side has closed the connection, as far as that can be detected without reading.
/// </param>
internal sealed class ControlMessageHandler(Stream stream, bool isServer, ControlBudget budget, JsonSerializerOptions values, Func<bool> isHungUp) : IJsonRpcMessageHandler, IDisposable
{
    private const int WrittenAtOnce = 262_144;
    private static readonly TimeSpan HangUpInterval = TimeSpan.FromMilliseconds(500);

    private readonly SystemTextJsonFormatter _formatter = new() { JsonSerializerOptions = values };
    private readonly ControlMessageReader _reader = new(stream, budget);
    private readonly Lock _gate = new();
    private readonly Lock _serializing = new();
    private readonly Dictionary<RequestId, int> _open = [];
    private readonly Queue<Outgoing> _queue = new();
    private TaskCompletionSource? _room;
    private long _unread;
    private long _writingSince;
    private bool _isWriting;
    private bool _isClosed;

    private sealed record Outgoing(ReadOnlyMemory<byte> Bytes, RequestId Answered, TaskCompletionSource Written);

    public bool CanRead => true;

    public bool CanWrite => true;

    public IJsonRpcMessageFormatter Formatter => _formatter;

    /// <summary>
    /// The reason why this end has ended the connection, because of the other side; null: it has not.
    /// </summary>
    public string? EndReason { get; private set; }

    /// <summary>
    /// How long the current write has been waiting for the other side to read; zero when nothing is being written.
    /// </summary>
    public TimeSpan StalledFor
    {
        get
        {
            lock (_gate)
            {
                return _isWriting ? Stopwatch.GetElapsedTime(_writingSince) : TimeSpan.Zero;
            }
        }
    }

    /// <summary>The number of bytes that wait for the other side to read them.</summary>
    public long UnreadBytes
    {
        get
        {
            lock (_gate)
            {
                return _unread;
            }
        }
    }

    public async ValueTask<JsonRpcMessage?> ReadAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await ReadMessageAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (ControlFramingException exception)
        {
            EndReason ??= exception.Message;
            if (isServer)
            {
                await SendErrorAsync(new ControlFault(exception.Code, exception.Message), RequestId.NotSpecified, RequestId.NotSpecified).WaitAsync(HangUpInterval, CancellationToken.None)
                    .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }

            throw;
        }
    }

    public ValueTask WriteAsync(JsonRpcMessage jsonRpcMessage, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var answered = isServer && jsonRpcMessage is JsonRpcResult or JsonRpcError ? ((IJsonRpcMessageWithId)jsonRpcMessage).RequestId : RequestId.NotSpecified;
        ReadOnlyMemory<byte> bytes;
        try
        {
            bytes = Serialize(jsonRpcMessage);
        }
        catch (MessageTooLargeException exception) when (isServer && jsonRpcMessage is JsonRpcResult)
        {
            return new ValueTask(SendErrorAsync(new ControlFault(ControlErrorCode.Refused, exception.Message), answered, answered));
        }

        return new ValueTask(Enqueue(bytes, answered));
    }

    public void Dispose()
    {
        Outgoing[] left;
        lock (_gate)
        {
            if (_isClosed)
            {
                return;
            }

            _isClosed = true;
            left = [.. _queue];
            _queue.Clear();
            foreach (var (_, bytes) in _open)
            {
                budget.Return(bytes);
            }

            _open.Clear();
            _room?.TrySetResult();
        }

        foreach (var message in left)
        {
            End(message, new IOException("The connection has ended."));
        }

        stream.Dispose();
        _formatter.Dispose();
    }

    private async ValueTask<JsonRpcMessage?> ReadMessageAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            while (FindRoom() is { } room)
            {
                await Task.WhenAny(room, Task.Delay(HangUpInterval, cancellationToken)).ConfigureAwait(false);
                cancellationToken.ThrowIfCancellationRequested();
                if (isHungUp())
                {
                    return null;
                }
            }

            if (await _reader.ReadAsync(cancellationToken).ConfigureAwait(false) is not { } body)
            {
                return null;
            }

            if (!isServer)
            {
                budget.Return(body.Length);
                return _formatter.Deserialize(new ReadOnlySequence<byte>(body), Encoding.UTF8);
            }

            var shape = RequestShape.Of(body);
            if (shape.Error is { } error)
            {
                budget.Return(body.Length);
                Forget(SendErrorAsync(error, shape.Id, RequestId.NotSpecified));
                continue;
            }

            if (!TryOpen(shape, body.Length))
            {
                budget.Return(body.Length);
                var duplicate = new ControlFault(ControlErrorCode.InvalidRequest, $"The request {shape.Id} has not been answered yet, and another one has the same id.");
                Forget(SendErrorAsync(duplicate, RequestId.NotSpecified, RequestId.NotSpecified));
                continue;
            }

            if (!shape.IsNotification || shape.IsCancellation)
            {
                return _formatter.Deserialize(new ReadOnlySequence<byte>(shape.Json), Encoding.UTF8);
            }
        }
    }

    private Task? FindRoom()
    {
        lock (_gate)
        {
            return isServer && !_isClosed && !HasRoom ? (_room ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task : null;
        }
    }

    private bool HasRoom => _open.Count < ControlLimits.MaxOpenRequests && _unread < ControlLimits.UnreadBytesThatStopReading;

    // A request's bytes are in use until it is answered. Messages without an answer are not awaited: of those only
    // cancellations are passed on.
    private bool TryOpen(RequestShape shape, int bytes)
    {
        if (shape.IsNotification)
        {
            budget.Return(bytes);
            return true;
        }

        lock (_gate)
        {
            return _open.TryAdd(shape.Id, bytes);
        }
    }

    // Sending fails only with the connection.
    private static void Forget(Task sent) => _ = sent.IsFaulted ? sent.Exception : null;

    private Task SendErrorAsync(ControlFault error, RequestId id, RequestId answered)
    {
        using var text = new MemoryStream();
        using (var writer = new Utf8JsonWriter(text, new JsonWriterOptions { Encoder = values.Encoder }))
        {
            writer.WriteStartObject();
            writer.WriteString("jsonrpc", "2.0");
            writer.WritePropertyName("id");
            if (id.Number is { } number)
            {
                writer.WriteNumberValue(number);
            }
            else
            {
                writer.WriteStringValue(id.String);
            }

            writer.WriteStartObject("error");
            writer.WriteNumber("code", error.Code);
            writer.WriteString("message", error.Message);
            writer.WriteEndObject();
            writer.WriteEndObject();
        }

        return Enqueue((byte[])[.. Header((int)text.Length), .. text.ToArray()], answered);
    }

    private ReadOnlyMemory<byte> Serialize(JsonRpcMessage message)
    {
        // Space in front for the header, which contains the length and is written last.
        const int HeaderReserve = 64;
        var buffer = new BoundedBuffer(HeaderReserve, ControlLimits.MaxMessageBytes);
        lock (_serializing)
        {
            _formatter.Serialize(buffer, message);
        }

        var header = Header(buffer.Length);
        header.CopyTo(buffer.Whole[(HeaderReserve - header.Length)..].Span);
        return buffer.Whole[(HeaderReserve - header.Length)..];
    }

    private static byte[] Header(int length) => Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"Content-Length: {length}\r\n\r\n"));

    private Task Enqueue(ReadOnlyMemory<byte> bytes, RequestId answered)
    {
        var message = new Outgoing(bytes, answered, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        string? trouble = null;
        lock (_gate)
        {
            if (_isClosed)
            {
                return Task.FromException(new IOException("The connection has ended."));
            }

            if (_unread > 0 && _unread + bytes.Length > ControlLimits.MaxUnreadBytes)
            {
                trouble = $"The client has not read {_unread} bytes that wait for it.";
            }
            else if (!budget.TryTake(bytes.Length))
            {
                trouble = $"The connections of this pool hold more than {ControlLimits.MaxBytesOfPool} bytes of requests and answers.";
            }
            else
            {
                _unread += bytes.Length;
                _queue.Enqueue(message);
                if (!_isWriting)
                {
                    _isWriting = true;
                    _writingSince = Stopwatch.GetTimestamp();
                    _ = Task.Run(WriteQueueAsync);
                }
            }
        }

        if (trouble is not null)
        {
            EndReason ??= trouble;
            Dispose();
            return Task.FromException(new IOException(trouble));
        }

        return message.Written.Task;
    }

    private async Task WriteQueueAsync()
    {
        while (Next() is { } message)
        {
            try
            {
                for (var rest = message.Bytes; !rest.IsEmpty; rest = rest[Math.Min(rest.Length, WrittenAtOnce)..])
                {
                    lock (_gate)
                    {
                        _writingSince = Stopwatch.GetTimestamp();
                    }

                    await stream.WriteAsync(rest[..Math.Min(rest.Length, WrittenAtOnce)]).ConfigureAwait(false);
                }

                End(message, null);
            }
            catch (Exception exception)
            {
                // One of the two sides has closed the connection.
                End(message, new IOException("The connection has ended.", exception));
                Dispose();
            }
        }
    }

    private Outgoing? Next()
    {
        lock (_gate)
        {
            _isWriting = _queue.TryDequeue(out var message);
            return message;
        }
    }

    private void End(Outgoing message, Exception? failure)
    {
        budget.Return(message.Bytes.Length);
        lock (_gate)
        {
            _unread -= message.Bytes.Length;
            if (_open.Remove(message.Answered, out var bytes))
            {
                budget.Return(bytes);
            }

            if (HasRoom)
            {
                _room?.TrySetResult();
                _room = null;
            }
        }

        if (failure is null)
        {
            message.Written.TrySetResult();
        }
        else
        {
            message.Written.TrySetException(failure);
            _ = message.Written.Task.Exception;
        }
    }
}
