using System.Text.Json;
using System.Text.Json.Serialization;

namespace MultiProc.Protocol.Control;

/// <summary>A converter that writes times as numbers of seconds, which every language can read.</summary>
internal sealed class SecondsConverter : JsonConverter<TimeSpan>
{
    public override TimeSpan Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        try
        {
            return TimeSpan.FromSeconds(reader.GetDouble());
        }
        catch (Exception exception) when (exception is OverflowException or ArgumentException or InvalidOperationException)
        {
            throw new JsonException("A time is a number of seconds.", exception);
        }
    }

    public override void Write(Utf8JsonWriter writer, TimeSpan value, JsonSerializerOptions options) =>
        writer.WriteNumberValue(Math.Round(value.TotalSeconds, 6));
}
