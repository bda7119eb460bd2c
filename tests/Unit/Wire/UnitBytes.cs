using MessagePack;
using MultiProc.Protocol.Memory;
using MultiProc.Protocol.Messages;
using MultiProc.Protocol.Wire;

namespace MultiProc.Unit.Wire;

/// <summary>Units as the bytes of a message.</summary>
internal static class UnitBytes
{
    public static byte[] Write(WorkUnit[] units)
    {
        var frame = new FrameBuilder();
        var writer = new MessagePackWriter(frame.Begin());
        WorkUnits.Write(ref writer, units, frame);
        writer.Flush();
        using var stream = new MemoryStream();
        frame.End().WriteTo(stream);
        return stream.ToArray()[FrameReader.HeaderLength..];
    }

    public static WorkUnit[] Read(byte[] bytes, SharedBufferPool? buffers = null)
    {
        var reader = new MessagePackReader(bytes);
        return WorkUnits.Read(ref reader, buffers);
    }
}
