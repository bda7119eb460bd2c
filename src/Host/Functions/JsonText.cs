using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace MultiProc.Host.Functions;

/// <summary>How values are written as text: one line of JSON, enums by name, fields (so also tuples) included, letters as they are.</summary>
internal static class JsonText
{
    private const int QuotedLength = 80;

    /// <summary>How values become text and text becomes values.</summary>
    public static JsonSerializerOptions Options { get; } = new(JsonSerializerDefaults.General)
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        IncludeFields = true,
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
        PropertyNameCaseInsensitive = true,
        Converters = { new JsonStringEnumConverter() },
        TypeInfoResolver = new DefaultJsonTypeInfoResolver(),
    };

    /// <summary>Whether a JSON array can be one value of this type.</summary>
    public static bool IsArrayLike(Type type) =>
        type == typeof(object) || type == typeof(JsonElement) || type == typeof(JsonDocument)
        || type == typeof(JsonNode) || type == typeof(JsonArray)
        || Options.GetTypeInfo(type).Kind == JsonTypeInfoKind.Enumerable;

    /// <summary>A value as messages quote it: on one line and shortened.</summary>
    public static string Quoted(string text)
    {
        var line = OneLine.Of(text);
        return line.Length <= QuotedLength ? line : line[..(QuotedLength - 1)] + "…";
    }
}
