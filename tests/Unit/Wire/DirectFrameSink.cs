using MultiProc.Protocol.Wire;

namespace MultiProc.Unit.Wire;

/// <summary>Writes on the caller's thread, to any stream.</summary>
internal sealed class DirectFrameSink(Stream stream) : IFrameSink
{
    public void Write(in Frame frame, bool isWork) => frame.WriteTo(stream);

    public void Dispose()
    {
    }
}
