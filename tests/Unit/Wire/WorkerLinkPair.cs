using MultiProc.Protocol.Rpc;
using Nerdbank.Streams;

namespace MultiProc.Unit.Wire;

/// <summary>A worker's link, and the host's end of its pipe.</summary>
internal sealed class WorkerLinkPair : IAsyncDisposable
{
    private readonly TaskCompletionSource<Exception?> _closed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Stream _own;

    public WorkerLinkPair()
    {
        (_own, Host) = FullDuplexStream.CreatePair();
        Link = new WorkerLink(_own, arguments: null, cause => _closed.TrySetResult(cause));
    }

    public WorkerLink Link { get; }

    public Stream Host { get; }

    /// <summary>A host's link at the other end.</summary>
    public RpcLink LinkHost() => new(Host, new DirectFrameSink(Host), "mp-test-host");

    /// <summary>Why the link ended, as the worker was told.</summary>
    public Task<Exception?> ClosedAsync() => _closed.Task.WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken);

    public async ValueTask DisposeAsync()
    {
        await Host.DisposeAsync();
        await _own.DisposeAsync();
    }
}
