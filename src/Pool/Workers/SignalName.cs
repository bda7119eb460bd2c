namespace MultiProc.Workers;

/// <summary>Names of signals. The numbers are those of Linux; macOS shares all but a few.</summary>
internal static class SignalName
{
    private const int SignalBase = 128;

    /// <summary>
    /// Whether the signal is one that other processes send, rather than one that a process raises itself.
    /// </summary>
    public static bool IsExternal(string? signal) => signal is "SIGKILL" or "SIGTERM" or "SIGHUP" or "SIGINT" or "SIGQUIT";

    /// <summary>The signal that an exit code of 128 or more stands for; null: the code stands for none.</summary>
    public static string? FromExitCode(int code) => OperatingSystem.IsWindows() ? null : (code - SignalBase) switch
    {
        1 => "SIGHUP",
        2 => "SIGINT",
        3 => "SIGQUIT",
        4 => "SIGILL",
        5 => "SIGTRAP",
        6 => "SIGABRT",
        7 => OperatingSystem.IsMacOS() ? "SIGEMT" : "SIGBUS",
        8 => "SIGFPE",
        9 => "SIGKILL",
        10 => OperatingSystem.IsMacOS() ? "SIGBUS" : "SIGUSR1",
        11 => "SIGSEGV",
        12 => OperatingSystem.IsMacOS() ? "SIGSYS" : "SIGUSR2",
        13 => "SIGPIPE",
        14 => "SIGALRM",
        15 => "SIGTERM",
        24 => "SIGXCPU",
        25 => "SIGXFSZ",
        31 => "SIGSYS",
        _ => null,
    };
}
