using MessagePack;

namespace MultiProc.Boundary;

/// <summary>Objects in shared memory cross as the name they can be attached by.</summary>
internal sealed class SharedObjectSerializer<T>() : Serializer(typeof(T))
    where T : class
{
    private readonly SharedObjectCopier<T> _copier = SharedObjectCopier<T>.Instance;

    public override bool CanBeReferredToWhileRead => false;

    public override void Write(ref MessagePackWriter writer, object value, GraphWriter graph)
    {
        var shared = (T)value;
        FormatterCache<string>.Instance.Write(ref writer, _copier.HandleOf(shared), graph);
        if (_copier.LimitsOf(shared) is { } limits)
        {
            graph.Live.OnSharing(limits);
        }
    }

    public override object Read(ref MessagePackReader reader, GraphReader graph, int id)
    {
        var handle = reader.ReadString() ?? throw new BoundaryFormatException("A shared object has no name.");
        graph.Live.OnAttaching(typeof(T), handle);
        var shared = _copier.Attach(handle);
        if (_copier.LimitsOf(shared) is { } limits)
        {
            graph.Live.OnAttached(limits);
        }

        return shared;
    }
}
