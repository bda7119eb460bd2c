namespace MultiProc.Host.Run;

/// <summary>What <c>multiproc run</c> was asked for.</summary>
internal sealed record RunRequest
{
    /// <summary>The full path of the assembly.</summary>
    public required string AssemblyPath { get; init; }

    /// <summary>The function, as it was written.</summary>
    public required string Function { get; init; }

    /// <summary>The arguments of a single call, as they were written.</summary>
    public required string[] Words { get; init; }

    /// <summary>The file for the results; null: standard output.</summary>
    public string? OutputPath { get; init; }

    /// <summary>How many workers; null: one for a single call, else one per processor.</summary>
    public int? Processes { get; init; }

    /// <summary>How many calls travel together; null: measured.</summary>
    public int? ChunkSize { get; init; }

    /// <summary>How long one call may run; null: as long as it likes.</summary>
    public TimeSpan? Timeout { get; init; }

    /// <summary>How often a failed call is tried again.</summary>
    public int Retries { get; init; }

    /// <summary>What the first failed call means for the others.</summary>
    public Halt Halt { get; init; }

    /// <summary>Whether results are written as calls end, and not in the order of the input.</summary>
    public bool Unordered { get; init; }

    /// <summary>The full path of the job log; null: none.</summary>
    public string? JobLogPath { get; init; }

    /// <summary>Whether the run goes on where its job log ends.</summary>
    public bool Resume { get; init; }

    /// <summary>Whether calls that the job log has as failed are run again.</summary>
    public bool ResumeFailed { get; init; }

    /// <summary>Whether calls are only described, and none is made.</summary>
    public bool IsDryRun { get; init; }

    /// <summary>How items are read and results are written.</summary>
    public ResultFormat Format { get; init; } = new(IsRaw: false, IsNullTerminated: false, HasTag: false, IsText: false);

    /// <summary>Whether failed calls are shown with their stack traces.</summary>
    public bool Trace { get; init; }

    /// <summary>Adds to the pool's options what helps to find what is wrong in a function.</summary>
    public required Func<ProcessPoolOptions, ProcessPoolOptions> Debugging { get; init; }
}
