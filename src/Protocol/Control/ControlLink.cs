using System.Diagnostics;
using System.Text.Json;
using StreamJsonRpc;
using StreamJsonRpc.Protocol;

namespace MultiProc.Protocol.Control;

/// <summary>
/// One end of a control pipe: JSON-RPC 2.0 as UTF-8 JSON, each message behind a <c>Content-Length</c> header as in the Language Server Protocol, so that
/// clients in any language need no library of ours. Cancellation is <c>$/cancelRequest</c>.
/// </summary>
internal sealed class ControlLink : IAsyncDisposable
{
    private readonly JsonRpc _rpc;
    private readonly TaskCompletionSource _closed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>An end of <paramref name="pipe"/>; <paramref name="values"/> says how parameters and answers are written.</summary>
    public ControlLink(Stream pipe, JsonSerializerOptions values)
    {
        _rpc = new PlainRpc(new HeaderDelimitedMessageHandler(pipe, new SystemTextJsonFormatter { JsonSerializerOptions = values }));
        _rpc.TraceSource.Switch.Level = SourceLevels.Off;
        _rpc.Disconnected += (_, _) => _closed.TrySetResult();
    }

    /// <summary>Completes, never fails, when the connection has ended.</summary>
    public Task Closed => _closed.Task;

    /// <summary>Registers what answers requests with an object as their parameters. Before <see cref="Start"/> only. A <see cref="ControlFault"/> becomes the error.</summary>
    public void On<TParameters, TAnswer>(string method, Func<TParameters, CancellationToken, Task<TAnswer>> handler)
    {
        Func<TParameters, CancellationToken, Task<TAnswer>> answer = new Answering<TParameters, TAnswer>(handler).AnswerAsync;
        AddTakingObject(method, answer);
    }

    /// <summary>Registers what answers requests without parameters; an empty object is as good.</summary>
    public void On<TAnswer>(string method, Func<CancellationToken, Task<TAnswer>> handler)
    {
        On<NoParameters, TAnswer>(method, (_, cancellationToken) => handler(cancellationToken));
        var answering = new Answering<NoParameters, TAnswer>((_, cancellationToken) => handler(cancellationToken));
        _rpc.AddLocalRpcMethod(method, answering.AnswerNothingAsync);
    }

    /// <summary>Registers what takes notifications with an object as their parameters. Before <see cref="Start"/> only.</summary>
    public void OnNotification<TParameters>(string method, Action<TParameters> handler) => AddTakingObject(method, handler);

    public void Start() => _rpc.StartListening();

    /// <summary>Sends a notification. If the connection has ended nothing happens; <see cref="Closed"/> tells.</summary>
    public async Task NotifyAsync(string method, object parameters)
    {
        try
        {
            await _rpc.NotifyWithParameterObjectAsync(method, parameters).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is ConnectionLostException or IOException or ObjectDisposedException)
        {
            // Learned through Closed.
        }
    }

    /// <summary>Asks. Cancelling tells the other side, too.</summary>
    /// <exception cref="ControlFault">The other side answered with an error.</exception>
    /// <exception cref="IOException">The connection has ended.</exception>
    public async Task<TAnswer> RequestAsync<TAnswer>(string method, object? parameters, CancellationToken cancellationToken)
    {
        try
        {
            return await _rpc.InvokeWithParameterObjectAsync<TAnswer>(method, parameters ?? new NoParameters(), cancellationToken).ConfigureAwait(false);
        }
        catch (RemoteInvocationException exception)
        {
            throw new ControlFault(exception.ErrorCode, exception.Message, exception.DeserializedErrorData as JsonElement?);
        }
        catch (RemoteRpcException exception) when (exception.ErrorCode is { } code)
        {
            // The library has exceptions of its own for JSON-RPC's own codes.
            throw new ControlFault((int)code, exception.Message, exception.DeserializedErrorData as JsonElement?);
        }
        catch (Exception exception) when (exception is ConnectionLostException or ObjectDisposedException)
        {
            throw new IOException("The pool has ended the connection.", exception);
        }
    }

    public async ValueTask DisposeAsync()
    {
        _rpc.Dispose();
        await _rpc.DispatchCompletion.ConfigureAwait(false);
    }

    private void AddTakingObject(string method, Delegate handler) =>
        _rpc.AddLocalRpcMethod(handler.Method, handler.Target, new JsonRpcMethodAttribute(method) { UseSingleObjectParameterDeserialization = true });

    /// <summary>Leaves what an error says beyond its message as it came.</summary>
    private sealed class PlainRpc(IJsonRpcMessageHandler handler) : JsonRpc(handler)
    {
        protected override Type GetErrorDetailsDataType(JsonRpcError error) => typeof(JsonElement);
    }

    private sealed class Answering<TParameters, TAnswer>(Func<TParameters, CancellationToken, Task<TAnswer>> handler)
    {
        public async Task<TAnswer> AnswerAsync(TParameters parameters, CancellationToken cancellationToken)
        {
            try
            {
                return await handler(parameters, cancellationToken).ConfigureAwait(false);
            }
            catch (ControlFault fault)
            {
                throw new LocalRpcException(fault.Message) { ErrorCode = fault.Code, ErrorData = fault.Detail };
            }
        }

        public Task<TAnswer> AnswerNothingAsync(CancellationToken cancellationToken) => AnswerAsync(default!, cancellationToken);
    }
}
