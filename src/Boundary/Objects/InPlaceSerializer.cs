using System.Runtime.CompilerServices;
using MessagePack;

namespace MultiProc.Boundary;

/// <summary>Objects that are exactly of a framework class whose content is known.</summary>
internal sealed class InPlaceSerializer<T>(InPlace<T> content) : Serializer(typeof(T))
    where T : class
{
    public override void Write(ref MessagePackWriter writer, object value, GraphWriter graph) =>
        content.Write(ref writer, Unsafe.As<T>(value), graph);

    public override object Read(ref MessagePackReader reader, GraphReader graph, int id)
    {
        var instance = (T)RuntimeHelpers.GetUninitializedObject(typeof(T));
        graph.Register(id, instance);
        content.Read(ref reader, instance, graph);
        return instance;
    }

    public override string Segment(object? instance, int step) => content.Segment(instance, step);
}
