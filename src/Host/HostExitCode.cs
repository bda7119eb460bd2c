namespace MultiProc.Host;

/// <summary>What the process's exit code says. Documented in <c>docs/cli.md</c> and in <c>--help</c>.</summary>
internal static class HostExitCode
{
    /// <summary>Every call succeeded.</summary>
    public const int Success = 0;

    /// <summary>A call failed, or the run could not be brought to its end; standard error says which and why.</summary>
    public const int Failed = 1;

    /// <summary>The command cannot be carried out as it is written: wrong option, assembly, function, argument or JSON.</summary>
    public const int Usage = 2;

    /// <summary>Ended by Ctrl-C (128 + SIGINT, as shells count).</summary>
    public const int Interrupted = 130;

    /// <summary>Ended by SIGTERM (128 + SIGTERM).</summary>
    public const int Terminated = 143;
}
