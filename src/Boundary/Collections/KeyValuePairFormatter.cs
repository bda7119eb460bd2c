using MessagePack;

namespace MultiProc.Boundary;

internal sealed class KeyValuePairFormatter<TKey, TValue> : Formatter<KeyValuePair<TKey, TValue>>, IPathPart
{
    private readonly Formatter<TKey> _key = FormatterCache<TKey>.Instance;
    private readonly Formatter<TValue> _value = FormatterCache<TValue>.Instance;

    public override bool IsLeaf => _key.IsLeaf && _value.IsLeaf;

    public override void Write(ref MessagePackWriter writer, KeyValuePair<TKey, TValue> value, GraphWriter graph)
    {
        graph.Path.Push(this, null);
        graph.Path.Step = 0;
        _key.Write(ref writer, value.Key, graph);
        graph.Path.Step = 1;
        _value.Write(ref writer, value.Value, graph);
        graph.Path.Pop();
    }

    public override KeyValuePair<TKey, TValue> Read(ref MessagePackReader reader, GraphReader graph) =>
        new(_key.Read(ref reader, graph)!, _value.Read(ref reader, graph)!);

    public string Segment(object? instance, int step) => step == 0 ? ".Key" : ".Value";
}
