using System.Text.Json;

namespace MultiProc;

/// <summary>A call that came over a pool's control pipe. Immutable.</summary>
public sealed record ServedCall
{
    /// <summary>The pool that was asked.</summary>
    public required IProcessPool Pool { get; init; }

    /// <summary>Which function: one of <see cref="ServedFunctions.Names"/>.</summary>
    public required string Function { get; init; }

    /// <summary>The arguments: a JSON array of them, or one value that is not an array; or, when <see cref="AreWords"/>, an array of strings.</summary>
    public required JsonElement Arguments { get; init; }

    /// <summary>Whether the arguments are words of a command line, each JSON if that fits its parameter and else a string. Default false.</summary>
    public bool AreWords { get; init; }

    /// <summary>How to run it, as the client asked.</summary>
    public CallOptions Options { get; init; } = new();
}
