using System.Text.Json;
using System.Text.Json.Serialization;
using MultiProc.Protocol.Control;

namespace MultiProc.Json;

/// <summary>The types that travel on a control pipe. Without reflection, which is switched off for JSON in file-based apps.</summary>
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
[JsonSerializable(typeof(AffectedWorkers))]
[JsonSerializable(typeof(StopParameters))]
[JsonSerializable(typeof(ResizeParameters))]
[JsonSerializable(typeof(Acknowledged))]
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true,
    GenerationMode = JsonSourceGenerationMode.Metadata)]
internal sealed partial class ControlTypes : JsonSerializerContext;
