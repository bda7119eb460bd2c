namespace MultiProc.Protocol.Wire;

/// <summary>Writes on the caller's thread. For the worker: when the host is slow to read, the worker is to wait.</summary>
internal sealed class DirectFrameSink(Stream stream) : IFrameSink
{
    public void Write(in Frame frame) => frame.WriteTo(stream);

    public void Dispose()
    {
    }
}
