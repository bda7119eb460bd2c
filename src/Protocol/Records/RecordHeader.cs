using System.Text.Json.Serialization;

namespace MultiProc.Protocol.Records;

/// <summary>What a record tells in words: its file's first line, as JSON.</summary>
internal sealed record RecordHeader
{
    /// <summary>The version of this layout, and of the graphs behind it.</summary>
    [JsonPropertyName("multiproc-call")]
    public required int Format { get; init; }

    /// <summary>The function's name, or the caller's own name for the call.</summary>
    public required string Function { get; init; }

    /// <summary>Its place in the source of its map, from 0; null for a single call.</summary>
    public long? Item { get; init; }

    public required RecordedOutcome Outcome { get; init; }

    public required DateTimeOffset RecordedAt { get; init; }

    public required string ErrorType { get; init; }

    public required string ErrorMessage { get; init; }

    /// <summary>The whole text of the exception that the caller got.</summary>
    public required string ErrorText { get; init; }

    /// <summary>The time limit of the call; null when it had none.</summary>
    public double? TimeoutMilliseconds { get; init; }

    public required RecordedApplication Application { get; init; }

    /// <summary>What the pool added to its workers' environment, or (null) removed from it.</summary>
    public required Dictionary<string, string?> EnvironmentVariables { get; init; }

    /// <summary>The pool's rules for types, as graphs of their functions; null: it has none.</summary>
    public byte[]? Surrogates { get; init; }

    /// <summary>Where and by whom it was recorded, for people.</summary>
    public required Dictionary<string, string> Summary { get; init; }

    /// <summary>Bytes of the initializer, the function and the arguments, which follow in this order.</summary>
    public required int[] Sizes { get; init; }

    /// <summary>Whether it has what every record has: the file may be anybody's.</summary>
    [JsonIgnore]
    public bool IsPlausible =>
        !Application.Arguments.Contains(null) && !Summary.ContainsValue(null!) && TimeoutMilliseconds is null or (>= 0 and <= int.MaxValue);
}

/// <summary>How the workers of an application are started.</summary>
/// <param name="Program">The program: <c>dotnet</c>, or the application itself.</param>
/// <param name="Arguments">Its first arguments, which make it a worker.</param>
/// <param name="Dependencies">The application's deps file; null: it has none.</param>
/// <param name="WorkingDirectory">The workers' current directory.</param>
internal sealed record RecordedApplication(string Program, string[] Arguments, string? Dependencies, string WorkingDirectory);

/// <summary>How a recorded call ended.</summary>
internal enum RecordedOutcome
{
    /// <summary>The function threw.</summary>
    Exception,

    /// <summary>Its result cannot be copied.</summary>
    NotSerializable,

    /// <summary>It ran past its time limit.</summary>
    TimedOut,

    /// <summary>Its worker ended while it was running.</summary>
    WorkerLost,
}

[JsonSerializable(typeof(RecordHeader))]
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, UseStringEnumConverter = true, RespectNullableAnnotations = true,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
internal sealed partial class RecordHeaderJson : JsonSerializerContext;
