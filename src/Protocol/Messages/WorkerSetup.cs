using System.Text.Json;
using System.Text.Json.Serialization;

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

    /// <summary>The path of the pool's control pipe, to be removed if the host is killed; null: it has none.</summary>
    public string? ControlPipe { get; init; }

    public string ToLine() => JsonSerializer.Serialize(this, WorkerSetupJson.Default.WorkerSetup);

    /// <exception cref="JsonException">The line is not a setup.</exception>
    public static WorkerSetup Parse(string line) =>
        JsonSerializer.Deserialize(line, WorkerSetupJson.Default.WorkerSetup) ?? throw new JsonException("The setup is null.");
}

/// <summary>Source-generated, so that reading the setup costs no reflection at start-up.</summary>
[JsonSerializable(typeof(WorkerSetup))]
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
internal sealed partial class WorkerSetupJson : JsonSerializerContext;
