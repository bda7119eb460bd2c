using System.Diagnostics;
using System.IO.Pipes;
using System.Text.Json;
using MultiProc.Protocol.Wire;
using StreamJsonRpc;
using StreamJsonRpc.Protocol;

namespace MultiProc.Protocol.Control;

/// <summary>
/// One end of a control pipe: JSON-RPC 2.0 as UTF-8 JSON, each message with a <c>Content-Length</c> header as in the
/// Language Server Protocol, so that clients in any language need no library of ours. Cancellation is
/// <c>$/cancelRequest</c>.
/// </summary>
internal sealed class ControlLink : IAsyncDisposable
{
    private static readonly TimeSpan CancellationTimeout = TimeSpan.FromMilliseconds(250);

    private readonly JsonRpc _rpc;
    private readonly ControlMessageHandler _messages;
    private readonly JsonSerializerOptions _values;
    private readonly TaskCompletionSource _closed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private ControlLink(ControlMessageHandler messages, JsonSerializerOptions values)
    {
        _messages = messages;
        _values = values;
        _rpc = new PlainRpc(messages);
        _rpc.TraceSource.Switch.Level = SourceLevels.Off;
        _rpc.Disconnected += (_, _) => _closed.TrySetResult();
    }

    /// <summary>Completes, never fails, when the connection has ended.</summary>
    public Task Closed => _closed.Task;

    /// <summary>
    /// The reason why this end has ended the connection: the other side sent something invalid or did not read; null:
    /// it has not.
    /// </summary>
    public string? EndReason => _messages.EndReason;

    /// <summary>How long the other side has not been reading what is written to it.</summary>
    public TimeSpan StalledFor => _messages.StalledFor;

    /// <summary>Whether the other side reads fast enough to be sent more.</summary>
    public bool IsRead => _messages.UnreadBytes < ControlLimits.UnreadBytesThatStopReading;

    /// <summary>Creates the pool's end. Its limits bound what a client can make the pool store.</summary>
    /// <param name="pipe">The pipe to the client; disposed with this object.</param>
    /// <param name="budget">The budget of all connections of the pool.</param>
    /// <param name="values">How parameters and answers are written.</param>
    public static ControlLink ToClient(PipeStream pipe, ControlBudget budget, JsonSerializerOptions values) =>
        new(new ControlMessageHandler(pipe, isServer: true, budget, values, () => PipePoll.IsHungUp(pipe)), values);

    /// <summary>Creates a client's end.</summary>
    /// <param name="pipe">The pipe to the pool; disposed with this object.</param>
    /// <param name="values">How parameters and answers are written.</param>
    public static ControlLink ToPool(Stream pipe, JsonSerializerOptions values) =>
        new(new ControlMessageHandler(pipe, isServer: false, new ControlBudget(long.MaxValue), values, static () => false), values);

    /// <summary>
    /// Registers the handler of requests whose parameters are an object. Before <see cref="Start"/> only. A
    /// <see cref="ControlFault"/> becomes the error.
    /// </summary>
    public void On<TParameters, TAnswer>(string method, Func<TParameters, CancellationToken, Task<TAnswer>> handler)
    {
        Func<JsonElement, CancellationToken, Task<TAnswer>> answer = new Answering<TParameters, TAnswer>(handler, _values).AnswerAsync;
        AddTakingObject(method, answer);
    }

    /// <summary>Registers the handler of requests without parameters.</summary>
    public void On<TAnswer>(string method, Func<CancellationToken, Task<TAnswer>> handler) =>
        On<NoParameters, TAnswer>(method, (_, cancellationToken) => handler(cancellationToken));

    /// <summary>
    /// Registers the handler of notifications whose parameters are an object. Before <see cref="Start"/> only.
    /// </summary>
    public void OnNotification<TParameters>(string method, Action<TParameters> handler) => AddTakingObject(method, handler);

    public void Start()
    {
        _rpc.StartListening();

        // <see cref="Closed"/> reports the end. An unobserved exception would be reported to the application by the
        // runtime.
        _ = _rpc.Completion.ContinueWith(
            static ended => _ = ended.Exception, CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted | TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
    }

    /// <summary>
    /// Sends a notification. Does nothing if the connection has ended; <see cref="Closed"/> reports that.
    /// </summary>
    public async Task NotifyAsync(string method, object parameters)
    {
        try
        {
            await _rpc.NotifyWithParameterObjectAsync(method, parameters).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is ConnectionLostException or IOException or ObjectDisposedException or OperationCanceledException)
        {
            // <see cref="Closed"/> reports it.
        }
    }

    /// <summary>
    /// Sends a request and waits for the answer. Cancellation is sent to the other side, too, and its reaction is
    /// awaited for a short time only.
    /// </summary>
    /// <exception cref="ControlFault">The other side answered with an error.</exception>
    /// <exception cref="IOException">The connection has ended.</exception>
    /// <exception cref="InvalidDataException">The other side did not answer as a pool does.</exception>
    public async Task<TAnswer> RequestAsync<TAnswer>(string method, object? parameters, CancellationToken cancellationToken)
    {
        using var abandoned = new CancellationTokenSource();
        using var cancelled = cancellationToken.UnsafeRegister(static source => ((CancellationTokenSource)source!).CancelAfter(CancellationTimeout), abandoned);
        var answer = _rpc.InvokeWithParameterObjectAsync<TAnswer>(method, parameters ?? new NoParameters(), cancellationToken);
        try
        {
            return await answer.WaitAsync(abandoned.Token).ConfigureAwait(false) ?? throw new InvalidDataException("The answer is null.");
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            _ = answer.ContinueWith(static task => _ = task.Exception, CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted, TaskScheduler.Default);
            throw new OperationCanceledException(cancellationToken);
        }
        catch (RemoteInvocationException exception)
        {
            throw new ControlFault(exception.ErrorCode, exception.Message, exception.DeserializedErrorData as JsonElement?);
        }
        catch (RemoteRpcException exception) when (exception.ErrorCode is { } code)
        {
            // The library has exceptions of its own for the codes of JSON-RPC itself.
            throw new ControlFault((int)code, exception.Message, exception.DeserializedErrorData as JsonElement?);
        }
        catch (Exception exception) when (exception is ConnectionLostException or ObjectDisposedException)
        {
            throw EndReason is { } trouble ? new InvalidDataException(trouble, exception) : new IOException("The pool has ended the connection.", exception);
        }
        catch (Exception exception) when (exception is RemoteRpcException or JsonException or NotSupportedException or InvalidOperationException)
        {
            throw new InvalidDataException($"The answer is not what a pool sends: {exception.Message}", exception);
        }
    }

    /// <summary>Ends the connection, from any thread; <see cref="Closed"/> reports that.</summary>
    public void HangUp() => _messages.Dispose();

    public async ValueTask DisposeAsync()
    {
        _rpc.Dispose();
        await _rpc.DispatchCompletion.ConfigureAwait(false);
    }

    private void AddTakingObject(string method, Delegate handler) =>
        _rpc.AddLocalRpcMethod(handler.Method, handler.Target, new JsonRpcMethodAttribute(method) { UseSingleObjectParameterDeserialization = true });

    /// <summary>A JSON-RPC connection that keeps the data of an error as it was received.</summary>
    private sealed class PlainRpc(IJsonRpcMessageHandler handler) : JsonRpc(handler)
    {
        protected override Type GetErrorDetailsDataType(JsonRpcError error) => typeof(JsonElement);
    }

    private sealed class Answering<TParameters, TAnswer>(Func<TParameters, CancellationToken, Task<TAnswer>> handler, JsonSerializerOptions values)
    {
        public async Task<TAnswer> AnswerAsync(JsonElement parameters, CancellationToken cancellationToken)
        {
            try
            {
                return await handler(Read(parameters), cancellationToken).ConfigureAwait(false);
            }
            catch (ControlFault fault)
            {
                throw new LocalRpcException(fault.Message) { ErrorCode = fault.Code, ErrorData = fault.Detail };
            }
        }

        private TParameters Read(JsonElement parameters)
        {
            try
            {
                return parameters.Deserialize<TParameters>(values)!;
            }
            catch (Exception exception) when (exception is JsonException or InvalidOperationException or NotSupportedException)
            {
                throw new ControlFault(ControlErrorCode.InvalidParameters, $"The parameters do not fit: {exception.Message}");
            }
        }
    }
}
