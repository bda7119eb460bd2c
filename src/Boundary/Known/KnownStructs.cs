using System.Buffers;
using System.Collections.Immutable;
using System.Net;
using System.Numerics;
using System.Runtime.Intrinsics;
using System.Text.Json;

namespace MultiProc.Boundary;

/// <summary>Framework structs that need a copy of their own.</summary>
internal static class KnownStructs
{
    private static readonly Dictionary<Type, Type> Generic = new()
    {
        [typeof(ImmutableArray<>)] = typeof(ImmutableArrayFormatter<>),
        [typeof(ArraySegment<>)] = typeof(ArraySegmentFormatter<>),
        [typeof(Memory<>)] = typeof(MemoryFormatter<>),
        [typeof(ReadOnlyMemory<>)] = typeof(ReadOnlyMemoryFormatter<>),
        [typeof(ReadOnlySequence<>)] = typeof(ReadOnlySequenceFormatter<>),
    };

    private static readonly HashSet<Type> Vectors =
    [
        typeof(Vector<>), typeof(Vector64<>), typeof(Vector128<>), typeof(Vector256<>), typeof(Vector512<>),
        typeof(Vector2), typeof(Vector3), typeof(Vector4), typeof(Quaternion), typeof(Plane), typeof(Matrix3x2), typeof(Matrix4x4),
    ];

    /// <summary>A formatter for <paramref name="type"/>; null when there is none.</summary>
    public static object? TryCreate(Type type)
    {
        if (type == typeof(JsonElement))
        {
            return JsonCopies.Elements();
        }

        if (type == typeof(ReadOnlyMemory<char>))
        {
            return new ReadOnlyTextFormatter();
        }

        if (type == typeof(IPNetwork))
        {
            return NetworkCopies.Networks();
        }

        var definition = type.IsConstructedGenericType ? type.GetGenericTypeDefinition() : type;
        if (Vectors.Contains(definition))
        {
            return FormatterFactory.Make(typeof(BlockFormatter<>), type);
        }

        return Generic.TryGetValue(definition, out var formatter)
            ? Activator.CreateInstance(formatter.MakeGenericType(type.GetGenericArguments()))
            : null;
    }
}
