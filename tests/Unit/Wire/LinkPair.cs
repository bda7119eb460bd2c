using MultiProc.Protocol.Rpc;
using Nerdbank.Streams;

namespace MultiProc.Unit.Wire;

/// <summary>A link, and the other end of its pipe.</summary>
internal sealed class LinkPair : IAsyncDisposable
{
    private static readonly TimeSpan MaxWait = TimeSpan.FromSeconds(20);

    private static int _last;

    public LinkPair()
    {
        ThreadName = "mp-test-" + Interlocked.Increment(ref _last);
        (var own, Other) = FullDuplexStream.CreatePair();
        Link = new RpcLink(own, new DirectFrameSink(own), ThreadName);
    }

    /// <summary>The name of the link's thread.</summary>
    public string ThreadName { get; }

    public RpcLink Link { get; }

    public Stream Other { get; }

    /// <summary>A second link at the other end.</summary>
    public RpcLink LinkOther() => new(Other, new DirectFrameSink(Other), "mp-test-other");

    /// <summary>Why the link ended.</summary>
    public Task<string> ReasonAsync() => Link.Closed.WaitAsync(MaxWait, TestContext.Current.CancellationToken);

    public async ValueTask DisposeAsync()
    {
        await Link.DisposeAsync();
        await Other.DisposeAsync();
    }
}
