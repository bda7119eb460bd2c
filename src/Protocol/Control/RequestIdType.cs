using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using StreamJsonRpc;

namespace MultiProc.Protocol.Control;

/// <summary>How the id of a request is read and written where it is a parameter: in <c>$/cancelRequest</c>. Types that are not known to the resolver are not read at all.</summary>
internal sealed class RequestIdType : JsonConverter<RequestId>, IJsonTypeInfoResolver
{
    public JsonTypeInfo? GetTypeInfo(Type type, JsonSerializerOptions options) =>
        type == typeof(RequestId) ? JsonMetadataServices.CreateValueInfo<RequestId>(options, this) : null;

    public override RequestId Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => reader.TokenType switch
    {
        JsonTokenType.Number when reader.TryGetInt64(out var number) => new RequestId(number),
        JsonTokenType.String => new RequestId(reader.GetString()),
        _ => throw new JsonException("The id of a request is a whole number, or a string."),
    };

    public override void Write(Utf8JsonWriter writer, RequestId value, JsonSerializerOptions options)
    {
        if (value.Number is { } number)
        {
            writer.WriteNumberValue(number);
        }
        else
        {
            writer.WriteStringValue(value.String);
        }
    }
}
