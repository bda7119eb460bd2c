using MultiProc.Boundary;
using MultiProc.Protocol.Calls;
using MultiProc.Protocol.Launch;
using MultiProc.Protocol.Messages;
using MultiProc.Protocol.Records;
using MultiProc.Worker.Lifetime;

namespace MultiProc.Worker.Records;

/// <summary>
/// The command that repeats or shows a recorded call, in a fresh worker that belongs to no pool. The function runs on
/// the main thread, as in any worker.
/// </summary>
internal static class RecordCommand
{
    private const string Name = "replay";

    public static int Run(RecordArguments arguments)
    {
        OwnProcess.Rename(ProcessNames.DefaultKind, Name);
        try
        {
            var file = RecordFile.Read(arguments.File);
            if (file.Digest != arguments.Digest)
            {
                throw new InvalidDataException($"{arguments.File} is not what it was a moment ago, when it was looked at. Try again.");
            }

            using var own = new CancellationTokenSource();
            var function = new RecordedFunction(file.Record, new RecordedLive(Console.Error, own.Token), arguments.ForeignTo);
            if (arguments.Shows)
            {
                return Show(function);
            }

            var identity = new WorkerIdentity(1, () => own.Token, Log);
            identity.Assign(0, Name);
            CurrentWorker.Identity = identity;
            if (arguments.Waits)
            {
                Console.Error.WriteLine($"Waiting for a debugger: attach to process {Environment.ProcessId}, named {ProcessNames.Of(null, Name)}.");
                DebuggerGate.Wait();
                Console.Error.WriteLine("A debugger is attached. It stops right before the function: step into it, or go on to a breakpoint of your own.");
            }

            return Replay(function, arguments.Waits);
        }
        catch (Exception exception) when (exception is IOException or InvalidDataException or UnauthorizedAccessException)
        {
            Console.Error.WriteLine(exception.Message);
            return WorkerExitCode.BadSetup;
        }
    }

    private static int Show(RecordedFunction function)
    {
        try
        {
            foreach (var line in function.Describe())
            {
                Console.WriteLine(line);
            }

            return WorkerExitCode.Done;
        }
        catch (Exception exception) when (exception is BoundaryFormatException or BoundaryException)
        {
            Console.Error.WriteLine(exception.Message);
            return WorkerExitCode.Refused;
        }
    }

    private static int Replay(RecordedFunction function, bool breaks)
    {
        try
        {
            function.Initialize();
        }
        catch (BoundaryFormatException exception)
        {
            Console.Error.WriteLine($"The pool's initializer cannot be run again: {exception.Message}");
            return WorkerExitCode.Refused;
        }
        catch (Exception exception)
        {
            Console.Error.WriteLine($"The pool's initializer failed: {exception}");
            return WorkerExitCode.Refused;
        }

        try
        {
            Console.WriteLine(ValueText.Of(function.Invoke(breaks)));
            return WorkerExitCode.Done;
        }
        catch (BoundaryFormatException exception)
        {
            Console.Error.WriteLine($"The call cannot be made again: {exception.Message}");
            return WorkerExitCode.Refused;
        }
        catch (BoundaryException exception) when (function.IsForeign)
        {
            Console.Error.WriteLine($"The call of a foreign record cannot be made: {exception.Message}");
            return WorkerExitCode.Refused;
        }
        catch (BoundaryException exception)
        {
            Console.Error.WriteLine($"The result cannot be copied: {exception.Message}");
            return WorkerExitCode.Threw;
        }
        catch (Exception exception)
        {
            // The original exception with its stack: nothing was copied.
            Console.Error.WriteLine(exception);
            return WorkerExitCode.Threw;
        }
    }

    private static void Log(LogEntry entry) => Console.Error.WriteLine($"log: {entry.Category}: {entry.Message}{(entry.Exception.Length == 0 ? "" : " " + entry.Exception)}");
}
