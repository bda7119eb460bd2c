using System.Runtime.CompilerServices;
using MessagePack;

namespace MultiProc.Boundary;

/// <summary>Boxed values. A box has an identity only when it can be part of a cycle.</summary>
internal sealed class BoxSerializer<T>() : Serializer(typeof(T))
    where T : struct
{
    private readonly Formatter<T> _formatter = FormatterCache<T>.Instance;

    public override bool HasIdentity => !_formatter.IsLeaf;

    public override void Write(ref MessagePackWriter writer, object value, GraphWriter graph) =>
        _formatter.Write(ref writer, (T)value, graph);

    public override object Read(ref MessagePackReader reader, GraphReader graph, int id)
    {
        if (id < 0)
        {
            return _formatter.Read(ref reader, graph);
        }

        object box = default(T);
        graph.Register(id, box);
        Unsafe.Unbox<T>(box) = _formatter.Read(ref reader, graph);
        return box;
    }
}
