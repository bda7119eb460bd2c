using Microsoft.Win32.SafeHandles;
using MultiProc.Boundary;
using MultiProc.Protocol.Calls;
using MultiProc.Protocol.Launch;
using MultiProc.Protocol.Memory;
using MultiProc.Protocol.Messages;
using MultiProc.Protocol.Rpc;
using MultiProc.Protocol.Status;
using MultiProc.Protocol.Wire;
using MultiProc.Worker.Calls;
using MultiProc.Worker.Lifetime;

namespace MultiProc.Worker;

/// <summary>The life of one worker process, from setup to exit.</summary>
/// <remarks>
/// <code>
///               pipe                                            shared memory
///      messages │     ▲ results                                       ▲ read by the host at any time
///   ════════════╪═════╪═════════════════ worker process ══════════════╪═══════════════════════════
///               ▼     └───────────────────────────┐                   │
///   mp-link     WorkerLink ─► Requests            │                   │
///                               │ run, recall     │ flush             │
///                               ▼                 │                   │
///   main thread               Inbox ─► UnitRunner ─► Outbox ─► StatusPage: running item, journal
///                               │        │             ▲
///                               │        ▼             │ results that would wait for the next call's end
///                               │     user code     DeferredFlush (mp-flush)
///                               ▼        ▲
///   mp-cancel                  Job ──────┘ token: one thread for each cancellation, as callbacks may block
/// </code>
/// <para>
/// User code runs on the main thread alone, one call at a time. The link is read by a thread of its own, so user code
/// cannot delay a cancellation or the notice that the host is gone. Results survive a crash in the journal: they leave
/// it only once they are in the pipe.
/// </para>
/// </remarks>
internal static class WorkerSession
{
    private const int MaxSetup = 1 << 16;

    public static int Run()
    {
        if (ReadSetup() is not { } setup)
        {
            WriteError("MultiProc.Worker is started by a MultiProc pool, with its setup on standard input. Reference MultiProc and call ProcessPool.StartAsync.");
            return WorkerExitCode.BadSetup;
        }

        OwnProcess.Prepare(setup.ProcessName, setup.Name);
        OwnEnvironment.Restore(setup.FormerVariables);
        try
        {
            // Never unmapped: the last act of this process is to write its exit code there.
            var page = StatusPage.Attach(setup.StatusPage);
            using var pipe = PipeEndpoint.ConnectWorker(setup.Pipe, TimeSpan.FromMilliseconds(setup.ConnectTimeout));
            Handshake.SendGreeting(pipe, setup.Secret);
            AppDomain.CurrentDomain.ProcessExit += (_, _) => page.NoteExit(Environment.ExitCode);
            Serve(setup, page, pipe);
            return WorkerExitCode.Done;
        }
        catch (Exception exception) when (exception is IOException or TimeoutException or UnauthorizedAccessException or HandshakeException)
        {
            WriteError($"Worker {setup.Name} could not join its pool: {exception.Message}");
            return WorkerExitCode.Refused;
        }
    }

    private static WorkerSetup? ReadSetup()
    {
        using var input = OperatingSystem.IsWindows() ? OpenConsole() : new FileStream(new SafeFileHandle(0, ownsHandle: false), FileAccess.Read, bufferSize: 0);

        // Read to the end: user code that reads standard input later gets an empty stream, and never the setup.
        var bytes = new byte[MaxSetup];
        var length = input.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
        return WorkerSetup.TryRead(bytes.AsSpan(0, length));
    }

    // Few workers need the console. Separate methods keep it from being loaded by each.
    private static Stream OpenConsole() => Console.OpenStandardInput();

    private static void WriteError(string message) => Console.Error.WriteLine(message);

    /// <summary>Ends the worker at once, on any thread, with a message if there is a reason.</summary>
    private static void Terminate(WorkerSetup setup, string? reason)
    {
        try
        {
            if (reason is not null)
            {
                WriteError($"Worker {setup.Name} leaves: {reason}");
            }
        }
        finally
        {
            OwnProcess.KillSelf(setup.ControlPipe);
        }
    }

    // The call that it could not decode has not begun, and is not charged for this.
    private static void ExitWithOtherBuild(WorkerSetup setup, StatusPage page, Outbox outbox)
    {
        outbox.Flush();
        page.EndUnit();
        WriteError($"Worker {setup.Name} leaves: the application on disk is another build than the one that runs, or was when this worker loaded it.");
        Environment.Exit(WorkerExitCode.OtherBuild);
    }

    /// <summary>Prints once that a listener to spans threw. The function goes on.</summary>
    private sealed class ListenerFailureReport
    {
        private int _hasHappened;

        public void WriteError(Exception exception)
        {
            if (Interlocked.Exchange(ref _hasHappened, 1) == 0)
            {
                WorkerSession.WriteError($"Somebody who listens to spans in this worker threw; calls go on, and this is told only once. {exception}");
            }
        }
    }

    private static void Serve(WorkerSetup setup, StatusPage page, Stream pipe)
    {
        UninitializedArrays.ReservesFirstRegion = true;
        var results = setup.Results is { } placed ? SharedBufferPool.ForWriting(placed) : null;
        var arguments = setup.Arguments is { } handle ? SharedBufferPool.ForReading(handle) : null;
        ListenerFailures.Happened += new ListenerFailureReport().WriteError;
        var link = new WorkerLink(pipe, arguments, cause => Terminate(setup, cause is null ? null : $"a message of the host could not be handled. {cause}"));
        using var outbox = new Outbox(page, link);
        using var inbox = new Inbox(outbox, page);
        var reports = new CreditWindow();
        var buildCheck = new BuildCheck(link, () => ExitWithOtherBuild(setup, page, outbox));
        var runner = new UnitRunner(page, outbox, inbox, new LiveLinks(link, reports, setup.MaxResultBytes, setup.Application), buildCheck, results, setup.MaxResultBytes);
        var identity = new WorkerIdentity(
            setup.Depth + 1, () => inbox.Current?.OwnToken ?? CancellationToken.None, entry => LogForwarding.Send(link, inbox, entry));
        identity.Assign(setup.Slot, setup.Name);
        CurrentWorker.Identity = identity;

        var requests = new Requests(link, inbox, reports, runner, buildCheck, results, (slot, name) =>
        {
            OwnProcess.Rename(setup.ProcessName, name);
            identity.Assign(slot, name);
        });
        link.Start(requests.Handle);
        if (setup.WaitForDebugger)
        {
            // The pipe is served meanwhile: a worker whose host goes away exits.
            DebuggerGate.Wait();
            OwnProcess.FollowDebugger();
        }

        while (inbox.Take() is { } job)
        {
            OwnProcess.FollowDebugger();
            runner.Run(job);
            if (inbox.IsEmpty || runner.HasTakenLong)
            {
                outbox.Flush();
            }
        }

        outbox.Flush();
        runner.RunExitHook(inbox.ExitHook);
    }
}
