using MessagePack;

namespace MultiProc.Boundary;

internal sealed class NullableFormatter<T> : Formatter<T?>
    where T : struct
{
    private readonly Formatter<T> _inner = FormatterCache<T>.Instance;

    public override bool IsLeaf => _inner.IsLeaf;

    public override void Write(ref MessagePackWriter writer, T? value, GraphWriter graph)
    {
        writer.Write(value.HasValue);
        if (value.HasValue)
        {
            _inner.Write(ref writer, value.GetValueOrDefault(), graph);
        }
    }

    public override T? Read(ref MessagePackReader reader, GraphReader graph) =>
        reader.ReadBoolean() ? _inner.Read(ref reader, graph) : null;
}
