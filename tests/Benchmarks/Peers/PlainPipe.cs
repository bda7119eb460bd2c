using System.IO.Pipes;

namespace MultiProc.Benchmarks.Peers;

/// <summary>Bytes there and back with blocking calls at both ends: what no protocol can beat.</summary>
internal sealed class PlainPipe : IDisposable
{
    public const string Role = "--peer-pipe";

    private readonly ChildPeer _child = ChildPeer.Start(Role, PipeOptions.None);

    public static void Serve(string name)
    {
        using var pipe = ChildPeer.Connect(name, PipeOptions.None);
        var header = new byte[4];
        var block = Array.Empty<byte>();
        while (pipe.ReadAtLeast(header, 4, throwOnEndOfStream: false) == 4)
        {
            var length = BitConverter.ToInt32(header);
            Array.Resize(ref block, Math.Max(block.Length, length + 4));
            header.CopyTo(block, 0);
            pipe.ReadExactly(block, 4, length);
            pipe.Write(block, 0, length + 4);
        }
    }

    /// <summary>One round trip. The first four bytes of <paramref name="block"/> are for the length of the rest.</summary>
    public void Echo(byte[] block)
    {
        BitConverter.TryWriteBytes(block, block.Length - 4);
        _child.Pipe.Write(block);
        _child.Pipe.ReadExactly(block);
    }

    public void Dispose() => _child.Dispose();
}
