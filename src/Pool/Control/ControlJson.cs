using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using MultiProc.Protocol.Control;

namespace MultiProc.Control;

/// <summary>How values are written on a control pipe. Without reflection, which is switched off for JSON in file-based apps.</summary>
[JsonSerializable(typeof(NoParameters))]
[JsonSerializable(typeof(PoolInfo))]
[JsonSerializable(typeof(FunctionList))]
[JsonSerializable(typeof(SubscribeParameters))]
[JsonSerializable(typeof(CallParameters))]
[JsonSerializable(typeof(MapParameters))]
[JsonSerializable(typeof(ProgressParameters))]
[JsonSerializable(typeof(MapAnswer))]
[JsonSerializable(typeof(FailureDetail))]
[JsonSerializable(typeof(WorkerParameters))]
[JsonSerializable(typeof(WorkersTold))]
[JsonSerializable(typeof(StopParameters))]
[JsonSerializable(typeof(ResizeParameters))]
[JsonSerializable(typeof(Acknowledged))]
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, RespectNullableAnnotations = true, GenerationMode = JsonSourceGenerationMode.Metadata)]
internal sealed partial class ControlJson : JsonSerializerContext
{
    /// <summary>The options of every control pipe.</summary>
    public static JsonSerializerOptions Values { get; } = new(JsonSerializerDefaults.Web)
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        RespectNullableAnnotations = true,
        Converters = { new SecondsConverter(), new JsonStringEnumConverter<WorkerState>(JsonNamingPolicy.CamelCase) },
        // Not the default instance: it may not have been made yet when this is.
        TypeInfoResolver = new ControlJson(),
    };
}
