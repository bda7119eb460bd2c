using System.Diagnostics;
using MultiProc.Protocol.Wire;
using StreamJsonRpc;

namespace MultiProc.Protocol.Rpc;

/// <summary>
/// The host's end of a worker's pipe: JSON-RPC 2.0 by StreamJsonRpc. Incoming messages are handled in order on one
/// thread, which handlers must not block.
/// </summary>
internal sealed class RpcLink : IAsyncDisposable
{
    private readonly JsonRpc _rpc;
    private readonly FrameMessageHandler _handler;
    private readonly TaskCompletionSource<string> _closed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <param name="pipe">The pipe to the worker.</param>
    /// <param name="sink">Writes frames to the pipe.</param>
    /// <param name="threadName">The name of the thread that reads the pipe and handles messages.</param>
    public RpcLink(Stream pipe, IFrameSink sink, string threadName)
    {
        _handler = new FrameMessageHandler(pipe, sink, threadName, FrameReader.MaxWorkerFrame);
        _rpc = new JsonRpc(_handler)
        {
            SynchronizationContext = new InlineSynchronizationContext(),
        };
        _rpc.TraceSource.Switch.Level = SourceLevels.Off;
        _rpc.Disconnected += (_, end) =>
        {
            IsBroken = end.Exception is not (null or IOException or ObjectDisposedException or OperationCanceledException);
            _closed.TrySetResult(end.Exception is { } cause ? $"{end.Description} {cause.Message}" : end.Description);
        };
    }

    /// <summary>
    /// Completes, and never fails, with the reason why the connection ended. All messages received before have been
    /// handled then.
    /// </summary>
    public Task<string> Closed => _closed.Task;

    /// <summary>
    /// Whether the connection ended because of invalid input. Valid once <see cref="Closed"/> has completed.
    /// </summary>
    public bool IsBroken { get; private set; }

    /// <summary>
    /// Ends the connection because of the other side's behaviour; <see cref="Closed"/> reports the reason. From any
    /// thread. Does nothing if it has ended.
    /// </summary>
    public void Break(string reason) => _handler.Break(reason);

    /// <summary>Registers the handler of <paramref name="method"/>. Before <see cref="Start"/> only.</summary>
    public void On(string method, Delegate handler) => _rpc.AddLocalRpcMethod(method, handler);

    public void Start()
    {
        _rpc.StartListening();

        // <see cref="Closed"/> reports the reason. An unobserved exception would be reported to the application by the
        // runtime.
        ObserveException(_rpc.Completion);
    }

    /// <summary>
    /// Sends a notification, which has no answer. Does nothing if the connection has ended; <see cref="Closed"/>
    /// reports that.
    /// </summary>
    /// <returns>
    /// Whether the arguments are no longer used. If another message is being written, this one waits for it.
    /// </returns>
    public bool Notify(string method, params object?[] arguments)
    {
        Task sent;
        try
        {
            sent = _rpc.NotifyAsync(method, arguments);
        }
        catch (ObjectDisposedException)
        {
            return true;
        }
        catch (ThreadInterruptedException)
        {
            // The interrupted thread is the application's. It is unknown whether the message was sent, so the
            // connection ends; the interrupt is delivered at the thread's next wait.
            _rpc.Dispose();
            Thread.CurrentThread.Interrupt();
            return true;
        }

        if (!sent.IsCompletedSuccessfully)
        {
            CloseIfNotSent(sent);
        }

        return sent.IsCompleted;
    }

    /// <summary>
    /// Sends a request and waits for the answer. Cancellation ends only the waiting: the other side may not respond any
    /// more.
    /// </summary>
    public Task<T> RequestAsync<T>(string method, object?[] arguments, CancellationToken cancellationToken)
    {
        var answer = _rpc.InvokeAsync<T>(method, arguments);
        ObserveException(answer);
        return answer.WaitAsync(cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        _rpc.Dispose();
        await _rpc.DispatchCompletion.ConfigureAwait(false);
    }

    // Sending usually fails because the connection has ended, which <see cref="Closed"/> reports. If it fails for
    // another reason (an interrupted thread, no memory), the other side misses a message and would wait for ever, so
    // the connection ends.
    private void CloseIfNotSent(Task sent) =>
        sent.ContinueWith(
            static (task, link) =>
            {
                if (task.Exception?.InnerException is not (ConnectionLostException or IOException or ObjectDisposedException))
                {
                    ((RpcLink)link!)._rpc.Dispose();
                }
            },
            this, CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted, TaskScheduler.Default);

    // The exception is handled elsewhere, too.
    private static void ObserveException(Task sent) =>
        sent.ContinueWith(
            static task => _ = task.Exception, CancellationToken.None,
            TaskContinuationOptions.OnlyOnFaulted | TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
}
