namespace MultiProc.Protocol.Launch;

/// <summary>The exit codes by which a worker says why it left.</summary>
internal static class WorkerExitCode
{
    /// <summary>It was asked to leave.</summary>
    public const int Done = 0;

    /// <summary>Of a recorded call that was made again: the function threw.</summary>
    public const int Threw = 1;

    /// <summary>It was started by hand, or its setup makes no sense.</summary>
    public const int BadSetup = 64;

    /// <summary>It could not connect, or the host did not accept it; or what it was to look into, or to make again, does not let it.</summary>
    public const int Refused = 65;

    /// <summary>The application was run again to be a worker, but did not let the worker in.</summary>
    public const int HookMissed = 66;

    /// <summary>It has loaded another build of the application than its host runs.</summary>
    public const int OtherBuild = 67;
}
