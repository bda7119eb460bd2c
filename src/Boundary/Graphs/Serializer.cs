using MessagePack;

namespace MultiProc.Boundary;

/// <summary>How the content of objects of one runtime type is written and read.</summary>
internal abstract class Serializer(Type wireType) : IPathPart
{
    /// <summary>
    /// The type that is named to the receiver; it differs from the runtime type where that is hidden, as for <see cref="Type"/>.
    /// </summary>
    public Type WireType { get; } = wireType;

    /// <summary>Whether objects have a number in the graph, so that one object stays one.</summary>
    public virtual bool HasIdentity => true;

    /// <summary>Whether the reader can hand out the object while its content is still being read.</summary>
    public virtual bool CanBeReferredToWhileRead => true;

    /// <summary>Writes the content.</summary>
    public abstract void Write(ref MessagePackWriter writer, object value, GraphWriter graph);

    /// <summary>Reads the content into a new object whose number is <paramref name="id"/>.</summary>
    public abstract object Read(ref MessagePackReader reader, GraphReader graph, int id);

    /// <summary>
    /// Why a receiver with less than full trust does not accept <paramref name="value"/>, although it accepts the type; null: it does. It looks at the object itself, not at
    /// what it holds.
    /// </summary>
    public virtual string? Objection(object value, GraphWriter graph) => null;

    /// <summary>Refuses when what arrives would not fit the slot.</summary>
    public virtual void RequireAssignable(Type slot, GraphWriter graph)
    {
    }

    /// <inheritdoc/>
    public virtual string Segment(object? instance, int step) => "";
}
