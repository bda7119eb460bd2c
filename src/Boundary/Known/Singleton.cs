using MessagePack;

namespace MultiProc.Boundary;

/// <summary>Types of which each process has one object.</summary>
internal sealed class Singleton(object instance) : Serializer(instance.GetType())
{
    public override bool HasIdentity => false;

    public override void Write(ref MessagePackWriter writer, object value, GraphWriter graph)
    {
        if (!ReferenceEquals(value, instance))
        {
            throw graph.Refusal(WireType, "only the one instance that .NET provides has a counterpart in the other process.");
        }

        writer.WriteNil();
    }

    public override object Read(ref MessagePackReader reader, GraphReader graph, int id)
    {
        reader.ReadNil();
        return instance;
    }
}
