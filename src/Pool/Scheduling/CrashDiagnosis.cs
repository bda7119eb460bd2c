
namespace MultiProc.Scheduling;

/// <summary>The probable cause of a worker's loss during a call. It names only causes that agree with the way in which the worker ended.</summary>
internal static class CrashDiagnosis
{
    private const string NativeCrash = "The likely cause is a crash in native code: an invalid memory access or a trap.";

    /// <summary>One or two sentences, with a way out if there is one.</summary>
    public static string Of(RunnerExit exit) => exit switch
    {
        { StoppedBy: not null, Order: { } order } => OfOrder(order),
        { StoppedBy: not null } => "The pool itself ended it.",
        { WasDebugged: true, Signal: "SIGKILL" or "SIGTERM" or "SIGTRAP" } or { WasDebugged: true, ExitCode: not null } =>
            "A debugger was attached to it: most likely it was ended there.",
        { Signal: { } signal } => OfSignal(signal, exit.StandardErrorTail),
        { ExitCode: { } code } => OfExitCode(code),
        _ => "How it ended is not known.",
    };

    private static string OfOrder(StopOrder order) => order.Cause switch
    {
        StopCause.LostDebugger => "It was not the call's fault: a debugger that ends leaves what it has stopped standing still. Detach before you end it.",
        StopCause.Request => "Somebody had it ended, with multiproc kill or over the pool's control pipe.",
        StopCause.Misbehaviour => "The likely cause is native code that damaged its memory, or a function that writes to the worker's own pipe.",
        _ => "The pool ended it because of another call, and this one had just begun there.",
    };

    private static string OfSignal(string signal, string lastWords) => signal switch
    {
        "SIGKILL" => "It was killed from outside: by somebody, or by the operating system because memory ran out (then the kernel's log says so). "
            + $"Against the latter {nameof(ProcessPoolOptions.MaxWorkerHeapBytes)} or {nameof(ProcessPoolOptions.MaxWorkerMemoryBytes)} help.",
        "SIGTERM" or "SIGHUP" or "SIGINT" or "SIGQUIT" => "Somebody asked it to end: a service manager, a user, or the function itself.",
        "SIGABRT" => OfAbort(lastWords),
        "SIGSEGV" or "SIGBUS" or "SIGILL" or "SIGFPE" or "SIGTRAP" or "SIGEMT" => NativeCrash,
        "SIGXCPU" or "SIGXFSZ" => "It ran into a limit that the system sets for processes (ulimit).",
        _ => "Somebody sent it this signal.",
    };

    // The runtime writes its reason, and then aborts.
    private static string OfAbort(string lastWords) => lastWords switch
    {
        _ when lastWords.Contains("Stack overflow", StringComparison.Ordinal) => "The likely cause is a recursion without end: its stack overflowed.",
        _ when lastWords.Contains("Out of memory", StringComparison.OrdinalIgnoreCase) || lastWords.Contains(nameof(OutOfMemoryException), StringComparison.Ordinal) =>
            $"It ran out of memory in a place where no call can report it. {nameof(ProcessPoolOptions.MaxWorkerHeapBytes)} sets the limit of its heap.",
        _ when lastWords.Contains("Unhandled exception", StringComparison.Ordinal) => "An exception was thrown on a thread that the function had started, and was not caught there.",
        _ when lastWords.Contains("Process terminated", StringComparison.Ordinal) => $"Something called {nameof(Environment)}.{nameof(Environment.FailFast)}.",
        _ => "The likely cause is native code that gave up: a failed assertion, a damaged heap or an uncaught C++ exception.",
    };

    // Windows reports crashes as exit codes.
    private static string OfExitCode(int code) => unchecked((uint)code) switch
    {
        0xC0000005 or 0xC000001D or 0xC0000094 or 0xC0000374 or 0xC0000409 => NativeCrash,
        0xC00000FD => "The likely cause is a recursion without end: its stack overflowed.",
        0xE0434352 => "An exception was thrown on a thread that the function had started, and was not caught there.",
        0x80131623 => $"Something called {nameof(Environment)}.{nameof(Environment.FailFast)}.",
        _ => $"Something called {nameof(Environment)}.{nameof(Environment.Exit)}, or exit in native code.",
    };
}
