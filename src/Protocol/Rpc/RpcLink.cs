using System.Diagnostics;
using MultiProc.Protocol.Wire;
using StreamJsonRpc;

namespace MultiProc.Protocol.Rpc;

/// <summary>JSON-RPC 2.0 over one worker's pipe, the host's end. Incoming messages are handled in order on one thread; handlers must not block it.</summary>
internal sealed class RpcLink : IAsyncDisposable
{
    private readonly JsonRpc _rpc;
    private readonly FrameMessageHandler _handler;
    private readonly TaskCompletionSource<string> _closed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <param name="pipe">To the other side.</param>
    /// <param name="sink">Writes to it.</param>
    /// <param name="threadName">Of the thread that reads it, and handles what comes.</param>
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

    /// <summary>Completes, never fails, with the reason why the connection ended. All messages received before have been handled.</summary>
    public Task<string> Closed => _closed.Task;

    /// <summary>Whether the connection ended because of what the other side sent. Known once <see cref="Closed"/> has completed.</summary>
    public bool IsBroken { get; private set; }

    /// <summary>Ends the connection because of what the other side does: <see cref="Closed"/> tells that reason. From any thread; nothing happens if it has ended.</summary>
    public void Break(string reason) => _handler.Break(reason);

    /// <summary>Registers what answers <paramref name="method"/>. Before <see cref="Start"/> only.</summary>
    public void On(string method, Delegate handler) => _rpc.AddLocalRpcMethod(method, handler);

    public void Start()
    {
        _rpc.StartListening();

        // Why it ended is learned through Closed. Unless somebody looks, the runtime tells the application of an exception that nobody observed.
        ObserveException(_rpc.Completion);
    }

    /// <summary>Sends a notification: no answer is expected. If the connection has ended nothing happens; <see cref="Closed"/> tells.</summary>
    /// <returns>Whether nothing will read the arguments any more. Another message may be on its way to the pipe, and this one wait for that.</returns>
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
            // The thread is the application's. Whether the message was sent is not known, so the connection ends; the thread hears of it at its next wait.
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

    /// <summary>Asks, and waits for the answer. Cancellation only ends the waiting: the other side may be past hearing.</summary>
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

    // Usually it fails because the connection has ended, which is learned through Closed. If it fails for another reason (a thread that was interrupted, want of
    // memory), the other side misses a message, and would be waited for in vain: then the connection ends.
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

    // Somebody else waits for it, too.
    private static void ObserveException(Task sent) =>
        sent.ContinueWith(
            static task => _ = task.Exception, CancellationToken.None,
            TaskContinuationOptions.OnlyOnFaulted | TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
}
