using System.Globalization;
using MultiProc.Boundary;
using MultiProc.Live;
using MultiProc.Protocol.Calls;
using MultiProc.Protocol.Messages;

namespace MultiProc.Scheduling;

/// <summary>The exceptions of calls that did not return. Each says what happened, with the values and a way out.</summary>
internal static class Failures
{
    private const int MaxListedAttempts = 6;

    /// <summary>The function threw, or its result cannot be copied.</summary>
    public static Exception Of(Work work, RecordKind kind, ReadOnlyMemory<byte> body)
    {
        try
        {
            return kind == RecordKind.NotSerializable ? RemoteFaults.NotSerializable(Refusal.Read(body, Trust.InWorkers))
                : RemoteFaults.Read(body, work.Policy.Imports, work.Functions);
        }
        catch (Exception exception)
        {
            // Whatever is wrong with the bytes, the call must end, and with the truth.
            return new ProcessPoolException($"The failure of {work.Policy.Label} could not be read: {exception.Message}", exception);
        }
    }

    /// <summary>A duration in milliseconds, for people.</summary>
    public static string Milliseconds(TimeSpan time) => string.Create(CultureInfo.InvariantCulture, $"{time.TotalMilliseconds:0} ms");

    /// <summary>The item ran past its limit. Its worker was terminated, or ended while it was being stopped.</summary>
    public static CallTimeoutException TimedOut(Work work, RunnerExit exit)
    {
        var ignored = work.HadToken ? "it ignored its token" : "it takes no token that could stop it";
        var how = exit.StoppedBy switch
        {
            CallStop.Termination => $"{ignored}, so its worker was terminated and replaced",
            null => $"its worker ended while it was being stopped ({exit.Description}), and was replaced",
            _ => $"{ignored}, so its worker was killed and replaced",
        };
        return TimedOut(work, exit.StoppedBy ?? CallStop.Kill, how, exit.StackTrace, exit.DumpPath);
    }

    /// <summary>The item ran past its limit and then ended by itself: with a result, with an exception, or because of its token.</summary>
    /// <param name="work">The work.</param>
    /// <param name="order">The termination of its worker; null: the worker lives on.</param>
    public static CallTimeoutException StoppedLate(Work work, StopOrder? order) => order is null
        ? TimedOut(work, CallStop.CancellationToken, "it stopped when its token was signalled, and its worker lives on")
        : TimedOut(work, CallStop.Termination, "it ended by itself while its worker was being terminated, which is replaced");

    public static WorkerLostException Lost(Work work, RunnerExit exit)
    {
        var attempts = work.AllAttempts is { Count: > 1 } all ? $" All {all.Count} attempts failed: {Listed(all)}." : "";
        var tail = StandardErrorExcerpt.Of(exit.StandardErrorTail);
        var dump = exit.DumpPath is { } path ? $" Its memory is in {path}." : "";
        return new WorkerLostException(
            $"Worker w{exit.Slot} (process {exit.ProcessId}) was lost while it was running {work.Policy.Label}: {exit.Description}.{attempts} "
            + $"{CrashDiagnosis.Of(exit)} "
            + $"The other calls go on. To run the call again in such a case, set {OptionsOf(work)}.{nameof(CallOptions.MaxAttempts)} above {work.Policy.MaxAttempts}.{dump}{tail}")
        {
            ExitCode = exit.ExitCode,
            Signal = exit.Signal,
            Slot = exit.Slot,
            ProcessId = exit.ProcessId,
            StandardErrorTail = exit.StandardErrorTail,
            Function = work.Policy.Label,
            DumpPath = exit.DumpPath,
        };
    }

    private static CallTimeoutException TimedOut(Work work, CallStop stop, string how, string stackTrace = "", string? dumpPath = null)
    {
        var limit = work.Policy.Timeout ?? TimeSpan.Zero;
        return new CallTimeoutException(
            $"{work.Policy.Label} ran past its time limit of {Milliseconds(limit)}; {how}. "
            + $"Raise {OptionsOf(work)}.{nameof(CallOptions.Timeout)}, or observe the CancellationToken that the function can take.")
        {
            Function = work.Policy.Label,
            Timeout = limit,
            StoppedBy = stop,
            RemoteStackTrace = stackTrace,
            DumpPath = dumpPath,
        };
    }

    private static string OptionsOf(Work work) => work.IsOfMap ? nameof(MapOptions) : nameof(CallOptions);

    // A message stays readable however many attempts there were.
    private static string Listed(IReadOnlyList<string> attempts) => attempts.Count <= MaxListedAttempts
        ? string.Join("; ", attempts)
        : $"{string.Join("; ", attempts.Take(MaxListedAttempts - 1))}; ... ; {attempts[^1]}";
}
