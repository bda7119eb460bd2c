using MessagePack;
using MessagePack.Formatters;

namespace MultiProc.Boundary;

/// <summary>Writes and reads one slot - a member, element or argument - whose static type is <typeparamref name="T"/>.</summary>
/// <remarks>It is a MessagePack formatter, so that the formatters MessagePack makes for contracts send their members through it.</remarks>
internal abstract class Formatter<T> : IMessagePackFormatter<T?>
{
    /// <summary>Whether no object can be reached through the slot: nothing in it can be shared, refused or nested.</summary>
    public virtual bool IsLeaf => false;

    /// <summary>Writes <paramref name="value"/>.</summary>
    public abstract void Write(ref MessagePackWriter writer, T? value, GraphWriter graph);

    /// <summary>Reads what <see cref="Write"/> wrote.</summary>
    public abstract T? Read(ref MessagePackReader reader, GraphReader graph);

    void IMessagePackFormatter<T?>.Serialize(ref MessagePackWriter writer, T? value, MessagePackSerializerOptions options) =>
        Write(ref writer, value, ((WritingOptions)options).Graph);

    T? IMessagePackFormatter<T?>.Deserialize(ref MessagePackReader reader, MessagePackSerializerOptions options) =>
        Read(ref reader, ((ReadingOptions)options).Graph);
}
