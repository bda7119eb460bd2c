using System.Text.Json;

namespace MultiProc.Protocol.Control;

/// <summary>Parameters of requests that have none: an empty object.</summary>
internal sealed record NoParameters;

/// <summary>The answer to <see cref="ControlMethods.Functions"/>.</summary>
internal sealed record FunctionList(IReadOnlyCollection<string> Functions);

/// <summary>
/// The parameters of <see cref="ControlMethods.Subscribe"/>: the interval between notifications, in seconds; null: one
/// second.
/// </summary>
internal sealed record SubscribeParameters(TimeSpan? Interval = null);

/// <summary>The parameters of <see cref="ControlMethods.Call"/>.</summary>
internal sealed record CallParameters
{
    public required string Function { get; init; }

    /// <summary>An array of arguments, or one value that is not an array; null: none.</summary>
    public JsonElement? Arguments { get; init; }

    /// <summary>Words of a command line, instead of arguments.</summary>
    public IReadOnlyList<string>? Words { get; init; }

    /// <summary>The time limit; null: the pool's.</summary>
    public TimeSpan? Timeout { get; init; }

    /// <summary>The maximum number of attempts, if its worker is lost.</summary>
    public int? MaxAttempts { get; init; }
}

/// <summary>The parameters of <see cref="ControlMethods.Map"/>.</summary>
internal sealed record MapParameters
{
    public required string Function { get; init; }

    /// <summary>For each call an array of arguments, or one value that is not an array.</summary>
    public required IReadOnlyList<JsonElement> Items { get; init; }

    /// <summary>The time limit of each call; null: the pool's.</summary>
    public TimeSpan? Timeout { get; init; }

    /// <summary>The maximum number of attempts of each call, if its worker is lost.</summary>
    public int? MaxAttempts { get; init; }

    /// <summary>The token of every <see cref="ControlMethods.Progress"/>; null: no progress is reported.</summary>
    public JsonElement? ProgressToken { get; init; }
}

/// <summary>The parameters of <see cref="ControlMethods.Progress"/>.</summary>
internal sealed record ProgressParameters(JsonElement Token, int Completed, int Total);

/// <summary>The answer to <see cref="ControlMethods.Map"/>: one outcome for each item, in their order.</summary>
internal sealed record MapAnswer(IReadOnlyList<ItemEnd> Results);

/// <summary>The outcome of one call of a map: a result or an error; the other one is null.</summary>
internal sealed record ItemEnd(JsonElement? Result = null, ItemError? Error = null);

/// <summary>An error in the form of JSON-RPC.</summary>
internal sealed record ItemError(int Code, string Message, object? Data = null);

/// <summary>The data of an error, besides its message.</summary>
internal sealed record FailureDetail
{
    /// <summary>The full name of the exception's type.</summary>
    public string Type { get; init => field = value ?? ""; } = "";

    /// <summary>
    /// The stack trace of the exception, or the stack of a function that ran past its limit; empty when unknown.
    /// </summary>
    public string StackTrace { get; init => field = value ?? ""; } = "";

    /// <summary>The time limit that the function exceeded.</summary>
    public TimeSpan? Timeout { get; init; }

    /// <summary>The exit code of a worker that was lost.</summary>
    public int? ExitCode { get; init; }

    /// <summary>The signal that ended it.</summary>
    public string? Signal { get; init; }

    /// <summary>The slot of that worker.</summary>
    public int? Slot { get; init; }

    /// <summary>The process id of that worker.</summary>
    public int? ProcessId { get; init; }

    /// <summary>The last lines that it wrote to standard error.</summary>
    public string? StandardErrorTail { get; init; }

    /// <summary>The path of its memory dump.</summary>
    public string? Dump { get; init; }

    /// <summary>The path of the record of the call.</summary>
    public string? Record { get; init; }
}

/// <summary>
/// The parameters of <see cref="ControlMethods.Kill"/> and <see cref="ControlMethods.Recycle"/>: a slot; null: all of
/// them, one after another.
/// </summary>
internal sealed record WorkerParameters(int? Slot = null);

/// <summary>
/// The answer to <see cref="ControlMethods.Kill"/> and <see cref="ControlMethods.Recycle"/>: the slots of the affected
/// workers.
/// </summary>
internal sealed record AffectedWorkers(IReadOnlyList<int> Slots);

/// <summary>
/// The parameters of <see cref="ControlMethods.Stop"/>: whether waiting and running calls are abandoned.
/// </summary>
internal sealed record StopParameters(bool Now = false);

/// <summary>The parameters of <see cref="ControlMethods.Resize"/>.</summary>
internal sealed record ResizeParameters(int Processes);

/// <summary>An answer without content.</summary>
internal sealed record Acknowledged;
