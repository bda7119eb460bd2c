using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using MessagePack;

namespace MultiProc.Boundary;

/// <summary>Objects that cannot cross.</summary>
internal sealed class RefusingSerializer(Type type, string reason) : Serializer(type)
{
    /// <summary>Why, and the way out.</summary>
    public string Reason { get; } = reason;

    public override void Write(ref MessagePackWriter writer, object value, GraphWriter graph) => throw graph.Refusal(WireType, Reason);

    public override object Read(ref MessagePackReader reader, GraphReader graph, int id) =>
        throw new BoundaryFormatException($"{TypeNames.Display(WireType)} cannot cross: {Reason}");
}

/// <summary>Structs that cannot cross. Their default value holds nothing and does.</summary>
internal sealed class RefusingFormatter<T>(string reason) : Formatter<T>
    where T : struct
{
    public override void Write(ref MessagePackWriter writer, T value, GraphWriter graph)
    {
        // Zeros are no task, no handle, no enumerator - but they are a lock that nobody holds.
        if (typeof(T) == typeof(SpinLock) || HoldsSomething(ref value))
        {
            graph.LeaveOut(typeof(T), reason);
        }

        writer.WriteNil();
    }

    public override T Read(ref MessagePackReader reader, GraphReader graph)
    {
        reader.ReadNil();
        return default;
    }

    /// <summary>Looks at the bytes, since equality is code of the type.</summary>
    private static bool HoldsSomething(ref T value) =>
        MemoryMarshal.CreateReadOnlySpan(ref Unsafe.As<T, byte>(ref value), Unsafe.SizeOf<T>()).ContainsAnyExcept((byte)0);
}
