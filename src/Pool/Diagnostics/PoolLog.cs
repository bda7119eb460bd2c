using Microsoft.Extensions.Logging;

namespace MultiProc.Diagnostics;

/// <summary>All log messages of a pool. Event ids: workers 1000-1999, calls 2000-2999, the pool 3000-3999.</summary>
internal sealed partial class PoolLog(ILogger logger)
{
    public const string Category = "MultiProc.ProcessPool";

    /// <summary>The message about a hot reload.</summary>
    public const string CodeChangedText =
        "{Types} changed while the application runs. Workers go on with the code that was built: a function that has changed runs there as it was, and a new one " +
        "is not found. Restart the application (Ctrl+R in `dotnet watch`) for calls to see the change";

    private readonly ILogger _logger = logger;
    private int _hasLoggedLeftovers;

    [LoggerMessage(1000, LogLevel.Debug, "Worker w{Slot} (process {ProcessId}) is ready")]
    public partial void WorkerReady(int slot, int processId);

    [LoggerMessage(1010, LogLevel.Warning, "Worker w{Slot} (process {ProcessId}) was lost: {Cause}; it is being replaced")]
    public partial void WorkerLost(int slot, int processId, string cause);

    [LoggerMessage(1020, LogLevel.Debug, "Worker w{Slot} (process {ProcessId}) is being replaced as planned")]
    public partial void WorkerRecycled(int slot, int processId);

    [LoggerMessage(1030, LogLevel.Error, "Worker w{Slot} could not be started ({Failures} times in a row)")]
    public partial void WorkerNotStarted(int slot, int failures, Exception exception);

    [LoggerMessage(1031, LogLevel.Error, "Worker w{Slot} cannot be replaced for now: {Reason}")]
    public partial void FilesDiffer(int slot, string reason);

    [LoggerMessage(1040, LogLevel.Warning, "The handler of the workers' output threw; it is given the lines that follow all the same, and this is told only once")]
    public partial void OutputFailed(Exception exception);

    [LoggerMessage(1050, LogLevel.Warning, "Somebody connected to the pipe of worker {Worker} and was refused: {Reason}", EventName = "StrangerRefused")]
    public partial void HandshakeRejected(string worker, string reason);

    [LoggerMessage(1060, LogLevel.Warning, "The connection with worker w{Slot} (process {ProcessId}) has ended though the process lives; it is being killed: {Reason}")]
    public partial void ConnectionEnded(int slot, int processId, string reason);

    [LoggerMessage(1070, LogLevel.Information, "Worker {Worker} (process {ProcessId}, named {ProcessName}) waits for a debugger")]
    public partial void WorkerWaitsForDebugger(string worker, int processId, string processName);

    [LoggerMessage(1071, LogLevel.Warning, "Worker w{Slot} is to wait for a debugger, but the pool has {Workers} workers, from w0: it will only if the pool is resized")]
    public partial void NobodyToDebug(int slot, int workers);

    [LoggerMessage(1080, LogLevel.Warning, "The debugger of worker w{Slot} (process {ProcessId}) has ended and left it standing still; it is being killed")]
    public partial void WorkerFrozen(int slot, int processId);

    [LoggerMessage(
        1032, LogLevel.Warning,
        "Worker w{Slot} (process {ProcessId}) is of no use and leaves; its calls go to others: {Reason}. The application on disk is another build than the one that runs, or was",
        EventName = "WorkerUseless")]
    public partial void WorkerHasOtherBuild(int slot, int processId, string reason);

    /// <summary>Logs, once, that processes started by workers could not be searched for.</summary>
    /// <param name="mark">The mark in the environment of such a process.</param>
    public void NoteLeftoverScanFailed(string mark)
    {
        if (Interlocked.Exchange(ref _hasLoggedLeftovers, 1) == 0)
        {
            LeftoversNotFound(EnvironmentNames.Mark, mark);
        }
    }

    [LoggerMessage(
        1090, LogLevel.Warning,
        "What workers have started could not be looked for, for want of a thread, of memory or of file descriptors: processes that left their worker's process group may live on. "
        + "The environment of each contains {Variable} with {Mark} in it. This is told only once")]
    private partial void LeftoversNotFound(string variable, string mark);

    [LoggerMessage(2000, LogLevel.Warning, "A progress object of the caller threw; the call goes on, and this is told once for each call")]
    public partial void ProgressFailed(Exception exception);

    [LoggerMessage(2010, LogLevel.Warning, "A failed call of {Function} could not be recorded")]
    public partial void NotRecorded(string function, Exception exception);

    [LoggerMessage(2020, LogLevel.Warning, "No more failed calls are recorded: {Records} records, or {Bytes} bytes, are the most of one pool")]
    public partial void RecordingEnded(int records, long bytes);

    [LoggerMessage(
        2030, LogLevel.Warning,
        "Slow call: {Function} has been running for {ElapsedMilliseconds} ms in worker w{Slot} (process {ProcessId}), longer than its SlowCallThreshold of {ThresholdMilliseconds} ms; it is {Where}")]
    public partial void CallIsSlow(string function, int slot, int processId, long elapsedMilliseconds, long thresholdMilliseconds, string where);

    [LoggerMessage(2040, LogLevel.Warning, "Where worker w{Slot} (process {ProcessId}) was stuck is not known: its stack could not be taken within StackCaptureTimeout = {Timeout}; {Reason}")]
    public partial void StackNotTaken(int slot, int processId, TimeSpan timeout, string reason);

    [LoggerMessage(2050, LogLevel.Warning, "No dump was made of worker w{Slot} (process {ProcessId}), which is stuck: {Reason}")]
    public partial void DumpNotMade(int slot, int processId, string reason);

    [LoggerMessage(2021, LogLevel.Warning, "Failed calls are recorded without this user's hash, and so count as records of others: no key can be kept. {Reason}")]
    public partial void RecordsWithoutHash(string reason);

    [LoggerMessage(3010, LogLevel.Warning, "The pool cannot be observed: its control pipe could not be opened: {Reason}")]
    public partial void ControlNotOpened(string reason, Exception exception);

    [LoggerMessage(3011, LogLevel.Warning, "A client of the pool's control pipe was rejected: {Reason}")]
    public partial void ControlClientRejected(string reason);

    [LoggerMessage(3012, LogLevel.Warning, "The pool's control pipe cannot take a client now, and tries again: {Reason}")]
    public partial void ControlNotAccepted(string reason);

    [LoggerMessage(3013, LogLevel.Warning, "A client of the pool's control pipe was rejected: there are {Connections} already, which is the most")]
    public partial void ControlFull(int connections);

    [LoggerMessage(3014, LogLevel.Warning, "The connection of a client of the pool's control pipe was ended: {Reason}")]
    public partial void ControlClientEnded(string reason);

    [LoggerMessage(3020, LogLevel.Warning, "Somebody who listens to the pool's metrics threw; calls go on, and this is told only once")]
    public partial void MetricsListenerFailed(Exception exception);

    [LoggerMessage(3030, LogLevel.Warning, "What a worker logged as {Category} could not be written, because the application's logger threw: {Message}")]
    public partial void RelayFailed(string category, string message, Exception exception);

    [LoggerMessage(3040, LogLevel.Warning, CodeChangedText)]
    public partial void CodeChanged(string types);

    [LoggerMessage(3060, LogLevel.Warning, "Somebody who listens to spans threw; calls go on, and this is told only once")]
    public partial void TraceListenerFailed(Exception exception);

    [LoggerMessage(3070, LogLevel.Warning, "A callback that a function registered on its token threw; the call goes on")]
    public partial void CancellationCallbackFailed(Exception exception);

    [LoggerMessage(3000, LogLevel.Critical, "The pool has given up: {Reason}")]
    public partial void PoolFaulted(string reason, Exception? exception);
}
