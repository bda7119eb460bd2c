using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using MultiProc.Protocol.Control;

namespace MultiProc.Json;

/// <summary>How values are written on a control pipe.</summary>
internal static class ControlJson
{
    /// <summary>The options of every control pipe.</summary>
    public static JsonSerializerOptions Values { get; } = new(JsonSerializerDefaults.Web)
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
        Converters = { new SecondsConverter(), new JsonStringEnumConverter<WorkerState>(JsonNamingPolicy.CamelCase) },
        TypeInfoResolver = JsonTypeInfoResolver.Combine(ControlTypes.Default, RpcTypes.Default),
    };
}
