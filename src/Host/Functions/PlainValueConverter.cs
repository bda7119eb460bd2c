using System.Text.Json;
using System.Text.Json.Serialization;

namespace MultiProc.Host.Functions;

/// <summary>
/// What a parameter, member or element of type <see cref="object"/> gets: null, <see cref="bool"/>, <see cref="long"/>, <see cref="double"/>, <see cref="string"/>,
/// an <c>object?[]</c> or a <c>Dictionary&lt;string, object?&gt;</c>.
/// </summary>
internal sealed class PlainValueConverter : JsonConverter<object>
{
    public override object? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => reader.TokenType switch
    {
        JsonTokenType.Null => null,
        JsonTokenType.True => true,
        JsonTokenType.False => false,
        JsonTokenType.Number => reader.TryGetInt64(out var whole) ? (object)whole : reader.GetDouble(),
        JsonTokenType.String => reader.GetString(),
        JsonTokenType.StartArray => ReadArray(ref reader, options),
        _ => ReadObject(ref reader, options),
    };

    public override void Write(Utf8JsonWriter writer, object value, JsonSerializerOptions options) =>
        throw new NotSupportedException("These rules are for reading.");

    private object?[] ReadArray(ref Utf8JsonReader reader, JsonSerializerOptions options)
    {
        var items = new List<object?>();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            items.Add(Read(ref reader, typeof(object), options));
        }

        return [.. items];
    }

    private Dictionary<string, object?> ReadObject(ref Utf8JsonReader reader, JsonSerializerOptions options)
    {
        var members = new Dictionary<string, object?>();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndObject)
        {
            var name = reader.GetString()!;
            reader.Read();
            members[name] = Read(ref reader, typeof(object), options);
        }

        return members;
    }
}
