using MessagePack;

namespace MultiProc.Protocol.Boundary;

/// <summary>Objects in shared memory cross as the name they can be attached by.</summary>
internal sealed class SharedObjectBody<T>() : Body(typeof(T))
    where T : class, ISharedObject<T>
{
    public override bool CanBeReferredToWhileRead => false;

    public override void Write(ref MessagePackWriter writer, object value, GraphWriter graph)
    {
        var shared = (T)value;
        FormatterCache<string>.Instance.Write(ref writer, shared.Handle, graph);
        graph.Live.OnSharing(shared);
    }

    public override object Read(ref MessagePackReader reader, GraphReader graph, int id)
    {
        var handle = reader.ReadString() ?? throw new BoundaryFormatException("A shared object has no name.");
        graph.Live.OnAttaching(typeof(T), handle);
        var shared = T.Attach(handle);
        graph.Live.OnAttached(shared);
        return shared;
    }
}
