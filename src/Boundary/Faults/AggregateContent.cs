using System.Runtime.CompilerServices;
using MessagePack;

namespace MultiProc.Boundary;

/// <summary>What <see cref="AggregateException"/> adds to an exception; in a fault its inner exceptions travel beside it.</summary>
internal sealed class AggregateContent : InPlace<AggregateException>
{
    private readonly Formatter<Exception[]> _inner = FormatterCache<Exception[]>.Instance;

    public override void Write(ref MessagePackWriter writer, AggregateException value, GraphWriter graph) =>
        _inner.Write(ref writer, ReferenceEquals(value, graph.Detached) ? [] : InnerExceptions(value), graph);

    public override void Read(ref MessagePackReader reader, AggregateException instance, GraphReader graph) =>
        InnerExceptions(instance) = _inner.Read(ref reader, graph) ?? throw new BoundaryFormatException("Inner exceptions are missing.");

    public override string Segment(object? instance, int step) => ".InnerExceptions";

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_innerExceptions")]
    internal static extern ref Exception[] InnerExceptions(AggregateException exception);
}
