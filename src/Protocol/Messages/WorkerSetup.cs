using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using MultiProc.Protocol.Wire;

namespace MultiProc.Protocol.Messages;

/// <summary>
/// What a worker is told before anything else: one line of JSON on its standard input, which is then closed. Not on the command line, which
/// all users of the machine can read, nor in the environment, which the worker's own children would inherit.
/// </summary>
internal sealed record WorkerSetup
{
    /// <summary>Where to connect.</summary>
    public required string Pipe { get; init; }

    /// <summary>The one-time secret of the handshake, base64.</summary>
    public required byte[] Secret { get; init; }

    /// <summary>The handle of the status page.</summary>
    public required string StatusPage { get; init; }

    public required int Slot { get; init; }

    public required string Name { get; init; }

    /// <summary>What stands before <see cref="Name"/> in the name of the process.</summary>
    public required string ProcessName { get; init; }

    /// <summary>The host's process id.</summary>
    public required int Host { get; init; }

    /// <summary>How deep the host itself is nested in workers: 0 for an ordinary process.</summary>
    public required int Depth { get; init; }

    public required bool WaitForDebugger { get; init; }

    /// <summary>Milliseconds that connecting may take.</summary>
    public required int ConnectTimeout { get; init; }

    /// <summary>The handle of the area in which the host places large arguments; null: they are sent.</summary>
    public string? Arguments { get; init; }

    /// <summary>The handle of the area in which this worker places large results; null: they are sent.</summary>
    public string? Results { get; init; }

    /// <summary>The path of the pool's control pipe, to be removed if the host is killed; null: it has none.</summary>
    public string? ControlPipe { get; init; }

    public string ToLine() => JsonSerializer.Serialize(this, WorkerSetupJson.Default.WorkerSetup);

    /// <summary>Reads what <see cref="ToLine"/> wrote. By hand: the serializer's own start takes a tenth of a worker's.</summary>
    /// <exception cref="JsonException">The line is not a setup.</exception>
    public static WorkerSetup Parse(string line)
    {
        var reader = new Utf8JsonReader(Encoding.UTF8.GetBytes(line));
        var values = new Dictionary<string, object?>();
        reader.Read();
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            throw new JsonException("A setup is an object.");
        }

        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = reader.GetString()!;
            reader.Read();
            values[name] = reader.TokenType switch
            {
                JsonTokenType.String => reader.GetString(),
                JsonTokenType.Number when reader.TryGetInt32(out var number) => number,
                JsonTokenType.True => true,
                JsonTokenType.False => false,
                JsonTokenType.Null => null,
                _ => throw new JsonException($"'{name}' is no text, number or truth value."),
            };
        }

        T Get<T>(string name) =>
            values.TryGetValue(name, out var value) && value is T typed ? typed : throw new JsonException($"The setup has no '{name}', or it is no {typeof(T).Name}.");

        var secret = new byte[Handshake.SecretLength];
        return new WorkerSetup
        {
            Pipe = Get<string>("pipe"),
            Secret = Convert.TryFromBase64String(Get<string>("secret"), secret, out var length) && length == secret.Length ? secret : throw new JsonException("The secret is none."),
            StatusPage = Get<string>("statusPage"),
            Slot = Get<int>("slot"),
            Name = Get<string>("name"),
            ProcessName = Get<string>("processName"),
            Host = Get<int>("host"),
            Depth = Get<int>("depth"),
            WaitForDebugger = Get<bool>("waitForDebugger"),
            ConnectTimeout = Get<int>("connectTimeout"),
            Arguments = values.GetValueOrDefault("arguments") as string,
            Results = values.GetValueOrDefault("results") as string,
            ControlPipe = values.GetValueOrDefault("controlPipe") as string,
        };
    }
}

/// <summary>Source-generated, so that writing a setup costs no reflection.</summary>
[JsonSerializable(typeof(WorkerSetup))]
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
internal sealed partial class WorkerSetupJson : JsonSerializerContext;
