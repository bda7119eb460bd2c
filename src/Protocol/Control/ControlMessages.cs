using System.Text.Json;

namespace MultiProc.Protocol.Control;

/// <summary>Parameters of requests that have none: an empty object.</summary>
internal sealed record NoParameters;

/// <summary>The answer to <see cref="ControlMethods.Functions"/>.</summary>
internal sealed record FunctionList(IReadOnlyCollection<string> Functions);

/// <summary>The parameters of <see cref="ControlMethods.Subscribe"/>: how often to tell, in seconds; null: once a second.</summary>
internal sealed record SubscribeParameters(TimeSpan? Interval = null);

/// <summary>The parameters of <see cref="ControlMethods.Call"/>.</summary>
internal sealed record CallParameters
{
    public required string Function { get; init; }

    /// <summary>An array of arguments, or one value that is not an array; null: there are none.</summary>
    public JsonElement? Arguments { get; init; }

    /// <summary>Instead of arguments: words of a command line.</summary>
    public IReadOnlyList<string>? Words { get; init; }

    /// <summary>How long it may run; null: as long as the pool allows.</summary>
    public TimeSpan? Timeout { get; init; }

    /// <summary>How often it may begin, if its worker is lost.</summary>
    public int? MaxAttempts { get; init; }
}

/// <summary>The parameters of <see cref="ControlMethods.Map"/>.</summary>
internal sealed record MapParameters
{
    public required string Function { get; init; }

    /// <summary>For each call an array of arguments, or one value that is not an array.</summary>
    public required IReadOnlyList<JsonElement> Items { get; init; }

    /// <summary>How long each call may run; null: as long as the pool allows.</summary>
    public TimeSpan? Timeout { get; init; }

    /// <summary>How often each call may begin, if its worker is lost.</summary>
    public int? MaxAttempts { get; init; }

    /// <summary>Comes back in every <see cref="ControlMethods.Progress"/>; null: no progress is told.</summary>
    public JsonElement? ProgressToken { get; init; }
}

/// <summary>The parameters of <see cref="ControlMethods.Progress"/>.</summary>
internal sealed record ProgressParameters(JsonElement Token, int Completed, int Total);

/// <summary>The answer to <see cref="ControlMethods.Map"/>: one end for each item, in their order.</summary>
internal sealed record MapAnswer(IReadOnlyList<ItemEnd> Results);

/// <summary>How a call of a map ended: a result, or an error; the other one is null.</summary>
internal sealed record ItemEnd(JsonElement? Result = null, ItemError? Error = null);

/// <summary>An error as JSON-RPC writes it.</summary>
internal sealed record ItemError(int Code, string Message, object? Data = null);

/// <summary>What an error says beyond its message.</summary>
internal sealed record FailureDetail
{
    /// <summary>The full name of the exception's type.</summary>
    public string Type { get; init => field = value ?? ""; } = "";

    /// <summary>Where it was thrown, or where a function that ran past its limit was stuck; empty when nobody knows.</summary>
    public string StackTrace { get; init => field = value ?? ""; } = "";

    /// <summary>The limit that the function ran past.</summary>
    public TimeSpan? Timeout { get; init; }

    /// <summary>The exit code of a worker that was lost.</summary>
    public int? ExitCode { get; init; }

    /// <summary>The signal that ended it.</summary>
    public string? Signal { get; init; }

    /// <summary>Its slot.</summary>
    public int? Slot { get; init; }

    /// <summary>Its process.</summary>
    public int? ProcessId { get; init; }

    /// <summary>What it wrote last to standard error.</summary>
    public string? StandardErrorTail { get; init; }

    /// <summary>The file in which its memory is.</summary>
    public string? Dump { get; init; }

    /// <summary>The file in which the call is recorded, to be made again.</summary>
    public string? Record { get; init; }
}

/// <summary>The parameters of <see cref="ControlMethods.Kill"/> and <see cref="ControlMethods.Recycle"/>: a slot; null: all of them, one after another.</summary>
internal sealed record WorkerParameters(int? Slot = null);

/// <summary>The answer to <see cref="ControlMethods.Kill"/> and <see cref="ControlMethods.Recycle"/>: the slots whose workers were told.</summary>
internal sealed record AffectedWorkers(IReadOnlyList<int> Slots);

/// <summary>The parameters of <see cref="ControlMethods.Stop"/>: whether calls that wait or run are given up.</summary>
internal sealed record StopParameters(bool Now = false);

/// <summary>The parameters of <see cref="ControlMethods.Resize"/>.</summary>
internal sealed record ResizeParameters(int Processes);

/// <summary>An answer without content.</summary>
internal sealed record Acknowledged;
