using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using MessagePack;

namespace MultiProc.Boundary;

/// <summary>JSON: documents and elements as their text, nodes as the tree they are.</summary>
internal static class JsonCopies
{
    private static readonly JsonDocumentOptions Deep = new()
    {
        MaxDepth = int.MaxValue,
        AllowTrailingCommas = true,
        CommentHandling = JsonCommentHandling.Skip,
    };

    public static Serializer Documents() => new Copied<JsonDocument, string>(
        document => document.RootElement.GetRawText(),
        text => JsonDocument.Parse(text, Deep));

    public static object Elements() => new CopiedStruct<JsonElement, string?>(
        element => element.ValueKind == JsonValueKind.Undefined ? null : element.GetRawText(),
        text => text is null ? default : Element(text));

    /// <summary>The serializer of <paramref name="type"/>, a kind of <see cref="JsonNode"/>.</summary>
    public static Serializer Nodes(Type type) =>
        typeof(JsonObject).IsAssignableFrom(type) ? new ObjectSerializer()
        : typeof(JsonArray).IsAssignableFrom(type) ? new ArrayNodeSerializer()
        : new ValueSerializer();

    private static JsonElement Element(string text)
    {
        using var document = JsonDocument.Parse(text, Deep);
        return document.RootElement.Clone();
    }

    /// <summary>A node arrives within its tree: its own content comes first and then its parent, in which it takes its place.</summary>
    private abstract class NodeSerializer(Type type) : Serializer(type)
    {
        public sealed override void Write(ref MessagePackWriter writer, object value, GraphWriter graph)
        {
            var node = (JsonNode)value;
            WriteContent(ref writer, node, graph);
            FormatterCache<JsonNode>.Instance.Write(ref writer, node.Parent, graph);
        }

        public sealed override object Read(ref MessagePackReader reader, GraphReader graph, int id)
        {
            var node = ReadContent(ref reader, graph, id);
            graph.Register(id, node);
            FormatterCache<JsonNode>.Instance.Read(ref reader, graph);
            return node;
        }

        protected static JsonNodeOptions? ReadOptions(ref MessagePackReader reader) =>
            reader.TryReadNil() ? null : new JsonNodeOptions { PropertyNameCaseInsensitive = reader.ReadBoolean() };

        protected static void WriteOptions(ref MessagePackWriter writer, JsonNode node)
        {
            if (node.Options is { } options)
            {
                writer.Write(options.PropertyNameCaseInsensitive);
            }
            else
            {
                writer.WriteNil();
            }
        }

        protected abstract void WriteContent(ref MessagePackWriter writer, JsonNode node, GraphWriter graph);

        protected abstract JsonNode ReadContent(ref MessagePackReader reader, GraphReader graph, int id);
    }

    private sealed class ObjectSerializer() : NodeSerializer(typeof(JsonObject))
    {
        protected override void WriteContent(ref MessagePackWriter writer, JsonNode node, GraphWriter graph)
        {
            var properties = node.AsObject();
            WriteOptions(ref writer, node);
            writer.Write(properties.Count);
            var index = 0;
            foreach (var (name, value) in properties)
            {
                graph.Path.Step = index++;
                FormatterCache<string>.Instance.Write(ref writer, name, graph);
                FormatterCache<JsonNode>.Instance.Write(ref writer, value, graph);
            }
        }

        protected override JsonNode ReadContent(ref MessagePackReader reader, GraphReader graph, int id)
        {
            var node = new JsonObject(ReadOptions(ref reader));
            graph.Register(id, node);
            var count = Blocks.ReadCount(ref reader);
            for (var i = 0; i < count; i++)
            {
                var name = FormatterCache<string>.Instance.Read(ref reader, graph)!;
                node.Add(name, FormatterCache<JsonNode>.Instance.Read(ref reader, graph));
            }

            return node;
        }
    }

    private sealed class ArrayNodeSerializer() : NodeSerializer(typeof(JsonArray))
    {
        protected override void WriteContent(ref MessagePackWriter writer, JsonNode node, GraphWriter graph)
        {
            var elements = node.AsArray();
            WriteOptions(ref writer, node);
            writer.Write(elements.Count);
            foreach (var element in elements)
            {
                FormatterCache<JsonNode>.Instance.Write(ref writer, element, graph);
            }
        }

        protected override JsonNode ReadContent(ref MessagePackReader reader, GraphReader graph, int id)
        {
            var node = new JsonArray(ReadOptions(ref reader));
            graph.Register(id, node);
            var count = Blocks.ReadCount(ref reader);
            for (var i = 0; i < count; i++)
            {
                node.Add(FormatterCache<JsonNode>.Instance.Read(ref reader, graph));
            }

            return node;
        }
    }

    /// <summary>A value keeps the .NET type it was made of.</summary>
    private sealed class ValueSerializer() : NodeSerializer(typeof(JsonValue))
    {
        private static readonly MethodInfo CreateOf =
            typeof(JsonCopies).GetMethod(nameof(Create), BindingFlags.Static | BindingFlags.NonPublic)!;

        protected override void WriteContent(ref MessagePackWriter writer, JsonNode node, GraphWriter graph)
        {
            WriteOptions(ref writer, node);
            FormatterCache<object>.Instance.Write(ref writer, node.GetValue<object>(), graph);
        }

        protected override JsonNode ReadContent(ref MessagePackReader reader, GraphReader graph, int id)
        {
            var options = ReadOptions(ref reader);
            var value = FormatterCache<object>.Instance.Read(ref reader, graph)
                ?? throw new BoundaryFormatException("A JSON value is missing.");
            return (JsonNode)CreateOf.MakeGenericMethod(value.GetType()).Invoke(null, [value, options])!;
        }
    }

    private static JsonValue? Create<T>(T value, JsonNodeOptions? options) => JsonValue.Create(value, options);
}
