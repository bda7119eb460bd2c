using System.Runtime.InteropServices;
using MultiProc.Protocol.Launch;
using MultiProc.Worker.Stacks.Interop;
using MultiProc.Worker.Stacks.Symbols;

namespace MultiProc.Worker.Stacks;

/// <summary>
/// The command that prints the stacks of another process's managed threads. It runs in a process of its own, because a
/// failing debugging library must not take another process down. During the capture no other debugger may attach: it
/// would be detached, and the target would stay frozen.
/// </summary>
internal static partial class StackCommand
{
    // The parent ends this process when it takes too long. The limit is for the case that the parent itself was killed.
    private const uint SecondsToLive = 60;

    public static int Run(int processId)
    {
        if (!OperatingSystem.IsLinux())
        {
            Console.Error.WriteLine("Stacks can be taken on Linux only. Attach a debugger to the process instead.");
            return WorkerExitCode.Refused;
        }

        _ = alarm(SecondsToLive);
        try
        {
            Print(processId, Walk(processId));
            return WorkerExitCode.Done;
        }
        catch (Exception exception) when (exception is DebuggingException or IOException or UnauthorizedAccessException or DllNotFoundException or EntryPointNotFoundException)
        {
            Console.Error.WriteLine($"The stacks of process {processId} cannot be taken: {exception.Message}");
            return WorkerExitCode.Refused;
        }
    }

    private static List<(int Thread, List<StackFrame> Frames)> Walk(int processId)
    {
        var process = DebuggedProcess.AttachAndStop(processId);
        try
        {
            return [.. process.Threads().Select(static thread => new DebuggedThread(thread)).Select(static thread => (thread.Id, thread.Frames()))];
        }
        finally
        {
            process.Detach();
        }
    }

    private static void Print(int processId, List<(int Thread, List<StackFrame> Frames)> stacks)
    {
        var modules = new Dictionary<string, ModuleSymbols>();
        foreach (var (thread, frames) in stacks.Where(static stack => stack.Frames.Count > 0).OrderBy(stack => stack.Thread == processId ? 0 : stack.Thread))
        {
            Console.WriteLine(StackListing.Block(thread, NameOf(processId, thread), frames.Select(Describe)));
        }

        string Describe(StackFrame frame)
        {
            if (!modules.TryGetValue(frame.Module, out var module))
            {
                modules[frame.Module] = module = new ModuleSymbols(frame.Module);
            }

            return module.Describe(frame.Method, frame.Offset);
        }
    }

    private static string NameOf(int processId, int thread)
    {
        try
        {
            return File.ReadAllText($"/proc/{processId}/task/{thread}/comm").Trim();
        }
        catch (IOException)
        {
            // The thread has just ended.
            return "";
        }
    }

    [LibraryImport("libc")]
    private static partial uint alarm(uint seconds);
}
