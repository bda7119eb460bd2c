using System.Buffers;
using System.Collections.Immutable;
using System.Runtime.InteropServices;

namespace MultiProc.Boundary;

internal sealed class ImmutableArrayFormatter<T> : StructSurrogate<ImmutableArray<T>, T[]?>
{
    protected override T[]? Take(ImmutableArray<T> value) => ImmutableCollectionsMarshal.AsArray(value);

    protected override ImmutableArray<T> Make(T[]? surrogate) => ImmutableCollectionsMarshal.AsImmutableArray(surrogate);
}

/// <summary>The whole array crosses, since the segment gives access to it.</summary>
internal sealed class ArraySegmentFormatter<T> : StructSurrogate<ArraySegment<T>, (T[]?, int, int)>
{
    protected override (T[]?, int, int) Take(ArraySegment<T> value) => (value.Array, value.Offset, value.Count);

    protected override ArraySegment<T> Make((T[]?, int, int) surrogate) =>
        surrogate.Item1 is { } array ? new ArraySegment<T>(array, surrogate.Item2, surrogate.Item3) : default;
}

/// <summary>What the memory shows crosses; the array behind it only if it shows all of it.</summary>
internal sealed class ReadOnlyMemoryFormatter<T> : StructSurrogate<ReadOnlyMemory<T>, T[]>
{
    protected override T[] Take(ReadOnlyMemory<T> value) =>
        MemoryMarshal.TryGetArray(value, out var segment)
            && segment.Offset == 0
            && segment.Array is { } array
            && array.Length == segment.Count
            ? array
            : value.ToArray();

    protected override ReadOnlyMemory<T> Make(T[] surrogate) => surrogate;
}

/// <summary>Text stays text: part of a string is part of a string.</summary>
internal sealed class ReadOnlyTextFormatter : StructSurrogate<ReadOnlyMemory<char>, (string?, int, int, char[]?)>
{
    protected override (string?, int, int, char[]?) Take(ReadOnlyMemory<char> value) =>
        MemoryMarshal.TryGetString(value, out var text, out var start, out var length) ? (text, start, length, null)
        : MemoryMarshal.TryGetArray(value, out var segment) && segment is { Offset: 0, Array: { } array } && array.Length == segment.Count ? (null, 0, 0, array)
        : (null, 0, 0, value.ToArray());

    protected override ReadOnlyMemory<char> Make((string?, int, int, char[]?) surrogate) =>
        surrogate.Item1 is { } text ? text.AsMemory(surrogate.Item2, surrogate.Item3) : surrogate.Item4;
}

internal sealed class MemoryFormatter<T> : StructSurrogate<Memory<T>, T[]>
{
    protected override T[] Take(Memory<T> value) =>
        MemoryMarshal.TryGetArray<T>(value, out var segment)
            && segment.Offset == 0
            && segment.Array is { } array
            && array.Length == segment.Count
            ? array
            : value.ToArray();

    protected override Memory<T> Make(T[] surrogate) => surrogate;
}

internal sealed class ReadOnlySequenceFormatter<T> : StructSurrogate<ReadOnlySequence<T>, T[]>
{
    protected override T[] Take(ReadOnlySequence<T> value) => value.ToArray();

    protected override ReadOnlySequence<T> Make(T[] surrogate) => new(surrogate);
}
