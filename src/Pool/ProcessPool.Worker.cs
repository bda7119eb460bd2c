using MultiProc.Workers.Launch;

namespace MultiProc;

public sealed partial class ProcessPool
{
    /// <summary>
    /// Lets workers in that are this application, run again (<c>freeze_support</c> in Python). Needed by applications that are published as a single file or
    /// self-contained, or that ask for <see cref="WorkerStartMethod.ReexecuteApplication"/>: then it must be the first line of <c>Main</c>, for what stands
    /// before it runs in every worker, too. In a process that was started as a worker it does not return: it does the worker's work and exits. In any other it
    /// does nothing. An application without it gets a <see cref="WorkerStartException"/> that shows this line, and no process is started.
    /// </summary>
    public static void RunWorkerIfRequested() => Reexecution.RunIfRequested();
}
