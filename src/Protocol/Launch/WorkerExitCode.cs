namespace MultiProc.Protocol.Launch;

/// <summary>The exit codes of the worker program.</summary>
internal static class WorkerExitCode
{
    /// <summary>The worker was asked to shut down.</summary>
    public const int Done = 0;

    /// <summary>A recorded call was repeated, and the function threw.</summary>
    public const int Threw = 1;

    /// <summary>The worker was started by hand, or its setup is invalid.</summary>
    public const int BadSetup = 64;

    /// <summary>
    /// The worker could not connect, or the host rejected it; or the process to inspect, or the call to repeat, does
    /// not permit it.
    /// </summary>
    public const int Refused = 65;

    /// <summary>The application was run again as a worker, but did not let the worker in.</summary>
    public const int HookMissed = 66;

    /// <summary>The worker has loaded another build of the application than its host runs.</summary>
    public const int OtherBuild = 67;
}
