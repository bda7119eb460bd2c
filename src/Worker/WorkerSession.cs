using System.Text.Json;
using MultiProc.Protocol.Calls;
using MultiProc.Protocol.Launch;
using MultiProc.Protocol.Memory;
using MultiProc.Protocol.Messages;
using MultiProc.Protocol.Status;
using MultiProc.Protocol.Wire;
using MultiProc.Worker.Calls;
using MultiProc.Worker.Lifetime;

namespace MultiProc.Worker;

/// <summary>One worker from setup line to exit. User code runs on the main thread; the pipe is served by another.</summary>
internal static class WorkerSession
{
    public static int Run()
    {
        if (ReadSetup() is not { } setup)
        {
            Console.Error.WriteLine("MultiProc.Worker is started by a MultiProc pool, with its setup on standard input. Reference MultiProc and call ProcessPool.StartAsync.");
            return WorkerExitCode.BadSetup;
        }

        OwnProcess.Prepare(setup.ProcessName, setup.Name);
        try
        {
            // Never unmapped: the last thing that this process does is to note on it that it leaves.
            var page = StatusPage.Attach(setup.StatusPage);
            using var pipe = PipeEndpoint.Connect(setup.Pipe, TimeSpan.FromMilliseconds(setup.ConnectTimeout));
            Handshake.Greet(pipe, setup.Secret);
            AppDomain.CurrentDomain.ProcessExit += (_, _) => page.NoteExit(Environment.ExitCode);
            Serve(setup, page, pipe);
            return WorkerExitCode.Done;
        }
        catch (Exception exception) when (exception is IOException or TimeoutException or UnauthorizedAccessException or HandshakeException)
        {
            Console.Error.WriteLine($"Worker {setup.Name} could not join its pool: {exception.Message}");
            return WorkerExitCode.Refused;
        }
    }

    private static WorkerSetup? ReadSetup()
    {
        // Read to the end: what user code reads from standard input later is an empty stream, never the setup.
        using var input = new StreamReader(Console.OpenStandardInput());
        try
        {
            return input.ReadLine() is { } line ? WorkerSetup.Parse(line) : null;
        }
        catch (JsonException)
        {
            // Typed by hand, or by a host of another version: both are told how a worker is started.
            return null;
        }
    }

    private static void Serve(WorkerSetup setup, StatusPage page, Stream pipe)
    {
        FreshArrays.HoldsFirstRegion = true;
        var results = setup.Results is { } placed ? BlockArea.ForWriting(placed) : null;
        var link = new RpcLink(pipe, new DirectFrameSink(pipe), "mp-link", setup.Arguments is { } handle ? BlockArea.ForReading(handle) : null);
        using var outbox = new Outbox(page, link);
        var inbox = new Inbox(outbox);
        var reports = new ReportFlow();
        var runner = new UnitRunner(page, outbox, inbox, new LiveLinks(link, reports), results);
        var identity = new WorkerIdentity(
            setup.Depth + 1, () => inbox.Current?.OwnToken ?? CancellationToken.None, entry => LogForwarding.Send(link, inbox, entry));
        identity.Assign(setup.Slot, setup.Name);
        CurrentWorker.Identity = identity;

        // The host waits for the answer to its first request before it sends anything else.
        link.On(Methods.Initialize, inbox.InitializeAsync);
        link.On(Methods.Assign, (int slot, string name) =>
        {
            OwnProcess.Rename(setup.ProcessName, name);
            identity.Assign(slot, name);
        });
        link.On(Methods.Run, inbox.Add);
        link.On(Methods.Recall, inbox.Recall);
        link.On(Methods.Cancel, inbox.Cancel);
        link.On(Methods.Credit, reports.Return);
        link.On(Methods.Free, (long[] blocks) => Array.ForEach(blocks, block => results?.Free(block)));
        link.On(Methods.Ping, () => Environment.ProcessId);
        link.On(Methods.Shutdown, inbox.Close);
        link.OnClosed(() => OwnProcess.Vanish(setup.ControlPipe));
        link.Start();
        if (setup.WaitForDebugger)
        {
            // The pipe is served meanwhile: a worker whose host goes away leaves.
            DebuggerGate.Wait();
        }

        while (inbox.Take() is { } job)
        {
            runner.Run(job);
            if (inbox.IsEmpty)
            {
                outbox.Flush();
            }
        }

        outbox.Flush();
        runner.RunExitHook(inbox.ExitHook);
    }
}
