using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace MultiProc.Host.Functions;

/// <summary>The rules by which JSON becomes arguments and results become JSON: enums by name, fields (so also tuples) included, letters as they are.</summary>
internal static class JsonText
{
    private const int QuotedLength = 80;

    /// <summary>How JSON becomes arguments: unknown members and missing required ones are errors; a parameter of type object gets plain values.</summary>
    public static JsonSerializerOptions Reading { get; } = new(JsonSerializerDefaults.General)
    {
        IncludeFields = true,
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
        PropertyNameCaseInsensitive = true,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        RespectRequiredConstructorParameters = true,
        Converters = { new JsonStringEnumConverter(), new PlainValueConverter(), new BigIntegerConverter() },
        TypeInfoResolver = new DefaultJsonTypeInfoResolver(),
    };

    /// <summary>How results become JSON: on one line, and only if the JSON says all that the value holds.</summary>
    public static JsonSerializerOptions Writing { get; } = new(JsonSerializerDefaults.General)
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        IncludeFields = true,
        Converters = { new JsonStringEnumConverter(), new BigIntegerConverter() },
        TypeInfoResolver = new DefaultJsonTypeInfoResolver { Modifiers = { JsonFidelity.Check } },
    };

    /// <summary>Whether a JSON array can be one value of this type.</summary>
    public static bool IsArrayLike(Type type) =>
        type == typeof(object) || type == typeof(JsonElement) || type == typeof(JsonDocument)
        || type == typeof(JsonNode) || type == typeof(JsonArray)
        || (JsonReadability.CanRead(type) && Reading.GetTypeInfo(type).Kind == JsonTypeInfoKind.Enumerable);

    /// <summary>A value as messages quote it: on one line and shortened.</summary>
    public static string Quoted(string text)
    {
        var line = OneLine.Of(text);
        return line.Length <= QuotedLength ? line : line[..(QuotedLength - 1)] + "…";
    }
}
