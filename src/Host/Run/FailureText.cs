using MultiProc.Host.Functions;

namespace MultiProc.Host.Run;

/// <summary>A failed call as standard error shows it: one line, and its stack trace on request.</summary>
internal static class FailureText
{
    public static string Of(string call, Exception exception, bool trace)
    {
        var line = exception switch
        {
            InvalidCallException or PoolControlException => exception.Message,
            WorkerLostException lost => Lost(lost),
            CallTimeoutException timeout => $"it ran past its time limit of {View.Cells.Time(timeout.Timeout)}, and was stopped.",
            RemoteException remote => $"{remote.RemoteTypeName}: {remote.Message}",
            _ => $"{exception.GetType().FullName}: {exception.Message}",
        };
        var record = exception.Data[RecordedCall.PathKey] is string path ? $" To make it again: multiproc replay {path}" : "";
        return OneLine.Of($"{call}: {line}{record}") + (trace ? Environment.NewLine + TerminalText.Lines(exception.ToString()) : "");
    }

    // Its own message names this command's function and the library's options, neither of which means anything here.
    private static string Lost(WorkerLostException lost)
    {
        var how = lost.Signal is { } signal ? $"was ended by {signal}" : lost.ExitCode is { } code ? $"ended with exit code {code}" : "ended";
        var lastWords = lost.StandardErrorTail.Length > 0 ? $" Its last words: {lost.StandardErrorTail}" : "";
        var dump = lost.DumpPath is { } path ? $" Its memory is in {path}." : "";
        return $"the worker (process {lost.ProcessId}) {how} during this call.{dump}{lastWords}";
    }
}
