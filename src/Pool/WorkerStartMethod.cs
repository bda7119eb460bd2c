namespace MultiProc;

/// <summary>Which program a worker process is.</summary>
public enum WorkerStartMethod
{
    /// <summary>
    /// The one that fits the application: <see cref="ReexecuteApplication"/> when it is published as a single file or self-contained, where there may be no
    /// <c>dotnet</c> and no files to give it; else <see cref="DotnetExec"/>.
    /// </summary>
    Automatic,

    /// <summary>
    /// <c>dotnet exec</c> of the worker program, with the application's own dependencies and runtime configuration. The application's <c>Main</c> is never run.
    /// </summary>
    DotnetExec,

    /// <summary>
    /// The application itself, run again. It becomes a worker in <see cref="ProcessPool.RunWorkerIfRequested"/>, which must be the first thing in its <c>Main</c>.
    /// </summary>
    ReexecuteApplication,
}
