namespace MultiProc.Diagnostics;

/// <summary>The message that a worker waits for a debugger, and to which process to attach.</summary>
internal static class DebuggerInvitation
{
    /// <summary>
    /// Reports each worker that is to wait but does not exist, so that nobody waits for it in vain. It may still come:
    /// the pool can be resized.
    /// </summary>
    public static void ShowMissing(WorkerDebugging debugging, int workers, PoolLog log)
    {
        foreach (var slot in debugging.Slots.Where(slot => slot >= workers))
        {
            log.NobodyToDebug(slot, workers);
            Print(
                $"MultiProc: there is no worker w{slot} to wait for a debugger: {(workers == 1 ? "the pool's only worker is w0" : $"the pool's {workers} workers are w0 to w{workers - 1}")}. "
                + $"It will wait should the pool be resized to {slot + 1} or more.");
        }
    }

    /// <summary>
    /// Prints one line to standard error and to the log, because an application may show only one of the two.
    /// </summary>
    public static void Show(string worker, string processName, int processId, PoolLog log)
    {
        log.WorkerWaitsForDebugger(worker, processId, processName);
        Print(
            $"MultiProc: worker {worker} waits for a debugger: attach to process {processId}, named {processName} "
            + $"(VS Code: \"request\": \"attach\", \"processId\": {processId}; more: multiproc debug attach-info {processId})");
    }

    // The log has the message, too, so a missing standard error does not matter.
    private static void Print(string line)
    {
        try
        {
            Console.Error.WriteLine(line);
        }
        catch (IOException)
        {
            // It was closed.
        }
    }
}
