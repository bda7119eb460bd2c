namespace MultiProc.Host.Serve;

/// <summary>What <c>multiproc serve</c> was asked for.</summary>
internal sealed record ServeRequest
{
    /// <summary>The full paths of the assemblies.</summary>
    public required IReadOnlyList<string> AssemblyPaths { get; init; }

    /// <summary>Which of their functions may be called; empty: all.</summary>
    public required IReadOnlyList<string> Allowed { get; init; }

    /// <summary>The pool's name.</summary>
    public required string Name { get; init; }

    /// <summary>How many workers.</summary>
    public required int Processes { get; init; }

    /// <summary>The limit of calls that set none; null: none.</summary>
    public TimeSpan? Timeout { get; init; }

    /// <summary>Adds to the pool's options what helps to find what is wrong in a function.</summary>
    public required Func<ProcessPoolOptions, ProcessPoolOptions> Debugging { get; init; }
}
