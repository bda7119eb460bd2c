using System.IO.Pipes;
using StreamJsonRpc;

namespace MultiProc.Benchmarks.Peers;

/// <summary>StreamJsonRpc as it comes, with its MessagePack formatter: one request for each call.</summary>
internal sealed class PlainRpc : IDisposable
{
    public const string Role = "--peer-rpc";

    private readonly ChildPeer _child = ChildPeer.Start(Role, PipeOptions.Asynchronous);
    private readonly JsonRpc _rpc;

    public PlainRpc()
    {
        _rpc = new JsonRpc(new LengthHeaderMessageHandler(_child.Pipe, _child.Pipe, new MessagePackFormatter()));
        _rpc.StartListening();
    }

    public static async Task ServeAsync(string name)
    {
        await using var pipe = ChildPeer.Connect(name, PipeOptions.Asynchronous);
        using var rpc = new JsonRpc(new LengthHeaderMessageHandler(pipe, pipe, new MessagePackFormatter()));
        rpc.AddLocalRpcTarget(new Target());
        rpc.StartListening();
        try
        {
            await rpc.Completion;
        }
        catch (IOException)
        {
            // The other side has gone.
        }
    }

    public Task<int> AddAsync(int a, int b) => _rpc.InvokeAsync<int>(nameof(Target.Add), a, b);

    public Task<byte[]> EchoAsync(byte[] block) => _rpc.InvokeAsync<byte[]>(nameof(Target.Echo), block);

    public Task<int> SpinAsync(double microseconds) => _rpc.InvokeAsync<int>(nameof(Target.Spin), microseconds);

    public void Dispose()
    {
        _rpc.Dispose();
        _child.Dispose();
    }

    private sealed class Target
    {
        public int Add(int a, int b) => Functions.Add(a, b);

        public byte[] Echo(byte[] block) => block;

        public int Spin(double microseconds) => Functions.Spin(microseconds);
    }
}
