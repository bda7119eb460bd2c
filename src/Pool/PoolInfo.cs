using System.Text.Json;
using MultiProc.Json;

namespace MultiProc;

/// <summary>What a pool tells whoever asks over its control pipe; a snapshot. Immutable.</summary>
// Generated code that reads JSON sets what was left out to null: null stands for the default here.
public sealed record PoolInfo
{
    /// <summary>The pool's name; see <see cref="ProcessPoolOptions.Name"/>.</summary>
    public string Name { get; init => field = value ?? ""; } = "";

    /// <summary>The name of its control pipe, which no two pools share: the host's process id, the number of the pool in it, and some letters.</summary>
    public string Address { get; init => field = value ?? ""; } = "";

    /// <summary>The process id of the host.</summary>
    public int ProcessId { get; init; }

    /// <summary>The program that the host runs.</summary>
    public string Program { get; init => field = value ?? ""; } = "";

    /// <summary>The version of MultiProc that the host uses.</summary>
    public string Version { get; init => field = value ?? ""; } = "";

    /// <summary>When the pool was started.</summary>
    public DateTimeOffset Started { get; init; }

    /// <summary>Whether functions can be called over the control pipe; see <see cref="ProcessPoolOptions.ServedFunctions"/>.</summary>
    public bool IsServed { get; init; }

    /// <summary>Whether it takes new calls.</summary>
    public bool IsOpen { get; init; }

    /// <summary>Whether it answered. Where it did not, because its host is stopped or overloaded, only <see cref="Address"/> and <see cref="ProcessId"/> are known.</summary>
    public bool IsResponding { get; init; } = true;

    /// <summary>
    /// Why it was not asked, or its answer not taken: its pipe belongs to another user, or what listens there does not answer as a pool does. Then
    /// <see cref="IsResponding"/> is false. Default null: nothing of the kind.
    /// </summary>
    public string? Refusal { get; init; }

    /// <summary>The workers, by slot.</summary>
    public IReadOnlyList<WorkerInfo> Workers { get; init => field = value ?? []; } = [];

    /// <summary>The counters.</summary>
    public PoolStatistics Statistics { get; init => field = value ?? new(); } = new();

    /// <summary>What happened last, oldest first; at most 20.</summary>
    public IReadOnlyList<PoolEvent> Events { get; init => field = value ?? []; } = [];

    /// <summary>This as JSON, in the form that it has on the control pipe.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, ControlJson.Values);
}
