using System.Reflection;
using MessagePack;

namespace MultiProc.Boundary;

/// <summary>
/// <c>Tensor&lt;T&gt;</c>: its lengths and its elements in their order. A copy is dense, whatever strides and memory the original had. The package is known by its names, since the
/// library does not need it.
/// </summary>
internal static class TensorCopies
{
    private const string Package = "System.Numerics.Tensors";
    private const string Tensor = Package + ".Tensor`1";

    /// <summary>The serializer of <paramref name="type"/>; null: it is no tensor, or one of a version that is not known.</summary>
    public static Serializer? TryCreate(Type type)
    {
        if (!type.IsConstructedGenericType || TypeNames.Definition(type) != Tensor || type.Assembly.GetName().Name != Package)
        {
            return null;
        }

        var element = type.GetGenericArguments()[0];
        var lengths = type.GetProperty("Lengths", typeof(ReadOnlySpan<nint>))?.GetMethod;
        var count = type.GetProperty("FlattenedLength", typeof(nint))?.GetMethod;
        var flatten = type.GetMethod("FlattenTo", [typeof(Span<>).MakeGenericType(element)]);
        var empty = type.GetProperty("Empty", BindingFlags.Static | BindingFlags.Public);
        var create = type.Assembly.GetType(Package + ".Tensor")?.GetMethod(
            "Create", 1, BindingFlags.Static | BindingFlags.Public, [Type.MakeGenericMethodParameter(0).MakeArrayType(), typeof(ReadOnlySpan<nint>)]);
        return lengths is null || count is null || flatten is null || empty is null || create is null
            ? null
            : SerializerFactory.Make(typeof(TensorSerializer<>), element, type, lengths, count, flatten, empty, create.MakeGenericMethod(element));
    }

    private sealed class TensorSerializer<T>(Type type, MethodInfo lengthsOf, MethodInfo countOf, MethodInfo flatten, PropertyInfo empty, MethodInfo create) : Serializer(type)
    {
        private readonly Make _make = create.CreateDelegate<Make>();

        private delegate ReadOnlySpan<nint> Lengths();

        private delegate void FlattenTo(Span<T> elements);

        private delegate object Make(T[] elements, ReadOnlySpan<nint> lengths);

        public override bool CanBeReferredToWhileRead => false;

        public override void Write(ref MessagePackWriter writer, object value, GraphWriter graph)
        {
            var lengths = lengthsOf.CreateDelegate<Lengths>(value)();
            writer.Write(lengths.Length);
            foreach (var length in lengths)
            {
                writer.Write(length);
            }

            // One whose strides are 0 may have more elements than memory.
            var count = countOf.CreateDelegate<Func<nint>>(value)();
            if (count > Array.MaxLength)
            {
                throw graph.Refusal(WireType, $"it has {count:N0} elements, and a copy is made of one array, which holds at most {Array.MaxLength:N0}. Pass a part of it.");
            }

            var elements = new T[count];
            if (count > 0)
            {
                flatten.CreateDelegate<FlattenTo>(value)(elements);
            }

            FormatterCache<T[]>.Instance.Write(ref writer, elements, graph);
        }

        public override object Read(ref MessagePackReader reader, GraphReader graph, int id)
        {
            var lengths = new nint[Blocks.ReadCount(ref reader)];
            var count = 1L;
            for (var i = 0; i < lengths.Length; i++)
            {
                var length = reader.ReadInt64();
                count = length is >= 0 and <= int.MaxValue && count is >= 0 and <= int.MaxValue ? count * length : -1;
                lengths[i] = (nint)length;
            }

            graph.IsComplete(ref reader, FormatterCache<T[]>.Instance, out var elements);
            return elements is { Length: 0 } && lengths.Length == 0 ? empty.GetValue(null)!
                : elements is not null && elements.Length == count ? _make(elements, lengths)
                : throw new BoundaryFormatException($"A tensor claims lengths of {string.Join(" x ", lengths)} and {elements?.Length ?? 0} elements are there.");
        }
    }
}
