using System.Buffers;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using MessagePack;

namespace MultiProc.Boundary;

/// <summary>Runs of values that cross as one block of memory.</summary>
internal static class Blocks
{
    private static readonly HashSet<Type> Elements =
    [
        typeof(bool), typeof(byte), typeof(sbyte), typeof(short), typeof(ushort), typeof(int), typeof(uint), typeof(long), typeof(ulong),
        typeof(nint), typeof(nuint), typeof(char), typeof(float), typeof(double), typeof(Half), typeof(Int128), typeof(UInt128),
        typeof(Guid), typeof(TimeSpan), typeof(Complex),
    ];

    /// <summary>Whether arrays of <paramref name="element"/> cross as one block.</summary>
    public static bool AreMadeOf(Type element) => element.IsEnum || Elements.Contains(element);

    /// <summary>Writes <paramref name="values"/>.</summary>
    public static void Write<T>(ref MessagePackWriter writer, ReadOnlySpan<T> values, GraphWriter graph)
    {
        var length = (long)values.Length * Unsafe.SizeOf<T>();
        graph.CountBlock(length, typeof(T[]));
        ref var first = ref Unsafe.As<T, byte>(ref MemoryMarshal.GetReference(values));
        writer.WriteBinHeader((int)length);
        if (length > 0)
        {
            // Room for all of it at once: growing step by step would copy it again and again.
            MemoryMarshal.CreateReadOnlySpan(ref first, (int)length).CopyTo(writer.GetSpan((int)length));
            writer.Advance((int)length);
        }
    }

    /// <summary>Reads a block; its length was checked against what is left of the input.</summary>
    public static ReadOnlySpan<byte> ReadSpan(ref MessagePackReader reader)
    {
        var sequence = reader.ReadBytes() ?? throw new BoundaryFormatException("A block of bytes is missing.");
        return sequence.IsSingleSegment ? sequence.FirstSpan : sequence.ToArray();
    }

    /// <summary>How many <typeparamref name="T"/> a block of <paramref name="bytes"/> holds.</summary>
    public static int Count<T>(ReadOnlySpan<byte> bytes) => bytes.Length % Unsafe.SizeOf<T>() == 0
        ? bytes.Length / Unsafe.SizeOf<T>()
        : throw new BoundaryFormatException($"A block of {bytes.Length} bytes does not hold whole values of " +
            $"{TypeNames.Display(typeof(T))}.");

    /// <summary>Copies a block into <paramref name="values"/>.</summary>
    public static void Copy<T>(ReadOnlySpan<byte> bytes, Span<T> values)
    {
        if (typeof(T) == typeof(bool) && bytes.ContainsAnyExceptInRange((byte)0, (byte)1))
        {
            throw new BoundaryFormatException("A boolean is neither true nor false.");
        }

        ref var first = ref Unsafe.As<T, byte>(ref MemoryMarshal.GetReference(values));
        bytes.CopyTo(MemoryMarshal.CreateSpan(ref first, bytes.Length));
    }

    /// <summary>Reads text that is known to be UTF-8.</summary>
    public static ReadOnlySpan<byte> ReadUtf8(ref MessagePackReader reader)
    {
        if (reader.TryReadStringSpan(out var text))
        {
            return text;
        }

        var sequence = reader.ReadStringSequence() ?? throw new BoundaryFormatException("A name is missing.");
        return sequence.IsSingleSegment ? sequence.FirstSpan : sequence.ToArray();
    }

    /// <summary>Reads an element count; every element takes at least a byte, so a count above what is left is a lie.</summary>
    public static int ReadCount(ref MessagePackReader reader)
    {
        var count = reader.ReadInt32();
        return count >= 0 && count <= Remaining(ref reader)
            ? count
            : throw new BoundaryFormatException($"A collection claims {count} elements and {Remaining(ref reader)} bytes are left.");
    }

    private static long Remaining(ref MessagePackReader reader) => reader.Sequence.Length - reader.Consumed;
}
