using System.Runtime.CompilerServices;
using MessagePack;

namespace MultiProc.Boundary;

/// <summary>
/// A slot of a reference type: null, an object met before, or an object with its content - and its type, when that is not the slot's own.
/// </summary>
internal sealed class ObjectFormatter<T> : Formatter<T>
    where T : class
{
    // An array of one element, which is how nothing else begins.
    private const byte SurrogateMark = MessagePackCode.MinFixArray + 1;

    private Known? _last;
    private Known? _lastNamed;
    private Serializer? _own;

    public override void Write(ref MessagePackWriter writer, T? value, GraphWriter graph)
    {
        if (value is null)
        {
            writer.WriteNil();
            return;
        }

        var type = value.GetType();
        if (graph.Rules is { } rules && rules.For(type) is { } rule && !type.IsValueType)
        {
            graph.WriteSurrogate(ref writer, value, rule);
            return;
        }

        var last = _last;
        if (last is null || last.Type != type)
        {
            last = new Known(type, Serializers.For(type));
            if (!type.IsCollectible)
            {
                _last = last;
            }
        }

        if (last.IsSpecial && IsLeftOut(value, last.Serializer, graph))
        {
            writer.WriteNil();
            return;
        }

        if (graph.Receiver is not null && graph.Objection(value, last.Serializer) is { } objection)
        {
            graph.LeaveOut(type, objection);
            writer.WriteNil();
            return;
        }

        graph.WriteObject(ref writer, value, last.Serializer, typeof(T));
    }

    public override T? Read(ref MessagePackReader reader, GraphReader graph)
    {
        switch (reader.NextCode)
        {
            case MessagePackCode.Nil:
                reader.ReadNil();
                return null;
            case MessagePackCode.False:
                reader.ReadBoolean();
                return Cast(graph.ReadContent(ref reader, _own ??= Serializers.ForWire(typeof(T), typeof(T), graph.Trust)));
            case MessagePackCode.True:
                reader.ReadBoolean();
                return Cast(graph.ReadContent(ref reader, Named(graph.ReadType(ref reader), graph.Trust)));
            case SurrogateMark:
                return graph.ReadSurrogate(ref reader) is { } made ? Cast(made) : null;
            default:
                return graph.Resolve(reader.ReadInt32()) is { } known ? Cast(known) : null;
        }
    }

    /// <summary>Whether nothing is to be written, for the value cannot cross.</summary>
    private static bool IsLeftOut(object value, Serializer serializer, GraphWriter graph)
    {
        if (serializer is RefusingSerializer refusing)
        {
            graph.LeaveOut(refusing.WireType, refusing.Reason);
            return true;
        }

        if (((IConditionalSerializer)serializer).RefusalOf(value, graph) is { } refusal)
        {
            graph.LeaveOut(refusal);
            return true;
        }

        return false;
    }

    private Serializer Named(Type type, Trust trust)
    {
        var last = _lastNamed;
        if (last is null || last.Type != type)
        {
            last = new Known(type, Serializers.ForWire(type, typeof(T), trust));
            if (!type.IsCollectible)
            {
                _lastNamed = last;
            }
        }

        return last.Serializer;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static T Cast(object value) => value as T ?? throw Mismatch(value);

    private static BoundaryFormatException Mismatch(object value) =>
        new($"An object of type {TypeNames.Display(value.GetType())} stands where {TypeNames.Display(typeof(T))} is declared.");

    private sealed record Known(Type Type, Serializer Serializer)
    {
        /// <summary>Whether it depends on more than the type how, and if, an object crosses.</summary>
        public bool IsSpecial { get; } = Serializer is RefusingSerializer or IConditionalSerializer;
    }
}
