using System.Text.Json.Serialization;

namespace MultiProc.Protocol.Records;

/// <summary>The readable part of a record: the first line of its file, as JSON.</summary>
internal sealed record RecordHeader
{
    /// <summary>The version of the file's layout and of its graphs.</summary>
    [JsonPropertyName("multiproc-call")]
    public required int Format { get; init; }

    /// <summary>The name of the function, or the caller's own name for the call.</summary>
    public required string Function { get; init; }

    /// <summary>The index in the source of its map, from 0; null for a single call.</summary>
    public long? Item { get; init; }

    public required RecordedOutcome Outcome { get; init; }

    public required DateTimeOffset RecordedAt { get; init; }

    public required string ErrorType { get; init; }

    public required string ErrorMessage { get; init; }

    /// <summary>The full text of the exception that the caller got.</summary>
    public required string ErrorText { get; init; }

    /// <summary>The time limit of the call; null when it had none.</summary>
    public double? TimeoutMilliseconds { get; init; }

    public required RecordedApplication Application { get; init; }

    /// <summary>The variables that the pool added to its workers' environment; null values: removed from it.</summary>
    public required Dictionary<string, string?> EnvironmentVariables { get; init; }

    /// <summary>The pool's surrogate rules, as graphs of their functions; null: it has none.</summary>
    public byte[]? Surrogates { get; init; }

    /// <summary>Where and by whom it was recorded, for people.</summary>
    public required Dictionary<string, string> Summary { get; init; }

    /// <summary>
    /// The sizes in bytes of the initializer, the function and the arguments, which follow in this order.
    /// </summary>
    public required int[] Sizes { get; init; }

    /// <summary>Whether all required members are present. The file may be anybody's.</summary>
    [JsonIgnore]
    public bool IsPlausible =>
        !Application.Arguments.Contains(null) && !Summary.ContainsValue(null!) && TimeoutMilliseconds is null or (>= 0 and <= int.MaxValue);
}

/// <summary>The command that starts workers of an application.</summary>
/// <param name="Program">The program: <c>dotnet</c>, or the application itself.</param>
/// <param name="Arguments">The first arguments, which make it a worker.</param>
/// <param name="Dependencies">The application's deps file; null: it has none.</param>
/// <param name="WorkingDirectory">The workers' current directory.</param>
internal sealed record RecordedApplication(string Program, string[] Arguments, string? Dependencies, string WorkingDirectory);

/// <summary>The outcome of a recorded call.</summary>
internal enum RecordedOutcome
{
    /// <summary>The function threw.</summary>
    Exception,

    /// <summary>The result cannot be copied.</summary>
    NotSerializable,

    /// <summary>The call ran past its time limit.</summary>
    TimedOut,

    /// <summary>The worker ended during the call.</summary>
    WorkerLost,
}

[JsonSerializable(typeof(RecordHeader))]
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, UseStringEnumConverter = true, RespectNullableAnnotations = true,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
internal sealed partial class RecordHeaderJson : JsonSerializerContext;
