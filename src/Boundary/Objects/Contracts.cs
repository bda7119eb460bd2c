using System.Runtime.CompilerServices;
using MessagePack;
using MessagePack.Formatters;
using MessagePack.Resolvers;

namespace MultiProc.Boundary;

/// <summary>
/// Types whose author wrote a MessagePack contract: MessagePack's own formatter writes them, and sends their members back here.
/// </summary>
internal static class Contracts
{
    /// <summary>The serializer of <paramref name="type"/>; null without a contract.</summary>
    public static Serializer? TryCreate(Type type) =>
        !HasContract(type) ? null
        : DynamicCode.ContractRefusal is { } refusal ? new RefusingSerializer(type, refusal)
        : SerializerFactory.Make(typeof(ContractSerializer<>), type);

    /// <summary>A formatter for the struct <paramref name="type"/>; null without a contract.</summary>
    public static object? TryCreateFormatter(Type type) =>
        !HasContract(type) ? null
        : DynamicCode.ContractRefusal is { } refusal ? FormatterFactory.Make(typeof(RefusingFormatter<>), type, refusal)
        : FormatterFactory.Make(typeof(ContractFormatter<>), type);

    private static bool HasContract(Type type) =>
        type.IsDefined(typeof(MessagePackObjectAttribute), inherit: false)
            || type.IsDefined(typeof(MessagePackFormatterAttribute), inherit: false);

    private static class Own<T>
    {
        public static readonly IMessagePackFormatter<T> Formatter = Find();

        private static IMessagePackFormatter<T> Find()
        {
            using var permission = DynamicCode.Allow();
            return typeof(T).IsDefined(typeof(MessagePackFormatterAttribute), inherit: false)
                ? AttributeFormatterResolver.Instance.GetFormatter<T>()!
                : DynamicObjectResolverAllowPrivate.Instance.GetFormatter<T>()!;
        }
    }

    private sealed class ContractSerializer<T>() : Serializer(typeof(T))
        where T : class
    {
        private static readonly Func<object> Shell = () => RuntimeHelpers.GetUninitializedObject(typeof(T));

        public override void Write(ref MessagePackWriter writer, object value, GraphWriter graph) =>
            Own<T>.Formatter.Serialize(ref writer, Unsafe.As<T>(value), graph.Options);

        public override object Read(ref MessagePackReader reader, GraphReader graph, int id)
        {
            graph.RegisterLate(id, Shell);
            object value = Own<T>.Formatter.Deserialize(ref reader, graph.Options)
                ?? throw new BoundaryFormatException("A contract's object is missing.");
            return Placeholders.Settle(graph.HandedOut(id), value);
        }
    }

    private sealed class ContractFormatter<T> : Formatter<T>
        where T : struct
    {
        public override void Write(ref MessagePackWriter writer, T value, GraphWriter graph) =>
            Own<T>.Formatter.Serialize(ref writer, value, graph.Options);

        public override T Read(ref MessagePackReader reader, GraphReader graph) => Own<T>.Formatter.Deserialize(ref reader, graph.Options);
    }
}
