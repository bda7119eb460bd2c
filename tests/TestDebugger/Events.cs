using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using MultiProc.Worker.Stacks.Interop;

namespace MultiProc.TestDebugger;

/// <summary>
/// What the debugged process reports. It is stopped at each event; those that nobody looks at are answered by the worker's own handler, which lets it run on.
/// </summary>
internal static unsafe class Events
{
    private const int Breakpoint = 3;
    private const int StepComplete = 4;
    private const int Break = 5;
    private const int ExitProcess = 10;
    private const int LoadModule = 13;

    private static nint _answer;

    /// <summary>The threads that have stopped at a breakpoint or after a step: the process stands still.</summary>
    public static BlockingCollection<(ComObject Thread, string Reason)> Stops { get; } = [];

    public static ConcurrentQueue<ComObject> Modules { get; } = new();

    /// <summary>Puts own handlers into the table of the first interface. Before attaching.</summary>
    public static void Install()
    {
        var table = *(nint**)ManagedCallback.Pointer;
        table[Breakpoint] = (nint)(delegate* unmanaged<nint, nint, nint, nint, int>)&OnBreakpoint;
        table[StepComplete] = (nint)(delegate* unmanaged<nint, nint, nint, nint, int, int>)&OnStep;
        table[Break] = (nint)(delegate* unmanaged<nint, nint, nint, int>)&OnBreak;
        _answer = table[LoadModule];
        table[LoadModule] = (nint)(delegate* unmanaged<nint, nint, nint, int>)&OnModule;
        table[ExitProcess] = (nint)(delegate* unmanaged<nint, nint, int>)&OnExit;
    }

    [UnmanagedCallersOnly]
    private static int OnBreakpoint(nint self, nint domain, nint thread, nint breakpoint)
    {
        Stops.Add((new ComObject(thread), "breakpoint"));
        return 0;
    }

    [UnmanagedCallersOnly]
    private static int OnBreak(nint self, nint domain, nint thread)
    {
        Stops.Add((new ComObject(thread), "break"));
        return 0;
    }

    [UnmanagedCallersOnly]
    private static int OnStep(nint self, nint domain, nint thread, nint stepper, int reason)
    {
        Stops.Add((new ComObject(thread), "step"));
        return 0;
    }

    [UnmanagedCallersOnly]
    private static int OnModule(nint self, nint domain, nint module)
    {
        // Answered as before: whoever attaches waits until no more of these come.
        Modules.Enqueue(new ComObject(module));
        return ((delegate* unmanaged<nint, nint, int>)_answer)(self, domain);
    }

    [UnmanagedCallersOnly]
    private static int OnExit(nint self, nint process)
    {
        Stops.Add((default, "exit"));
        return 0;
    }
}
