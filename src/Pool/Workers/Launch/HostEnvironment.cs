using System.Globalization;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;

namespace MultiProc.Workers.Launch;

/// <summary>
/// Checks of what a pool needs from the system that this process runs in. A missing prerequisite is reported itself,
/// instead of its consequences.
/// </summary>
internal static partial class HostEnvironment
{
    private const string TemporaryVariable = "TMPDIR";
    private const int SignalChild = 17;
    private const nint Ignored = 1;
    private const int MaxLink = 32;
    private const int NoSpace = 28;
    private const int ReadOnlyFileSystem = 30;

    // Larger than struct sigaction on any system. The handler is its first word.
    private const int ActionWords = 64;

    /// <summary>Checks the prerequisites, before anything of a pool is created.</summary>
    /// <exception cref="WorkerStartException">Workers would not start, or their end would go unnoticed.</exception>
    public static void Check(int workers)
    {
        if (DescriptorLimit.Shortage(workers) is { } shortage)
        {
            throw shortage;
        }

        if (OperatingSystem.IsLinux())
        {
            CheckProcesses();
            CheckSignals();
        }

        if (!OperatingSystem.IsWindows())
        {
            CheckTemporaryDirectory();
        }
    }

    /// <summary>
    /// Explains a failure to create a worker's pipe in the temporary directory; null: the failure has another cause.
    /// </summary>
    public static WorkerStartException? ExplainPipe(string pipe, Exception exception)
    {
        if (OperatingSystem.IsWindows() || exception is not (IOException or UnauthorizedAccessException or System.Net.Sockets.SocketException))
        {
            return null;
        }

        var shortage = DescriptorLimit.Explain(exception);
        return new WorkerStartException(
            shortage.Length > 0
                ? $"A worker's pipe could not be created.{shortage}"
                : $"A worker's pipe could not be created in the temporary directory {Describe(Path.GetDirectoryName(pipe)!)}: {Cause(pipe, exception)}. {Advice}",
            exception);
    }

    private const string Advice =
        "Set TMPDIR to the absolute path of a directory that exists and that this user can create files in, or make room in this one (df -h, df -i).";

    private static void CheckTemporaryDirectory()
    {
        var directory = Path.GetTempPath();
        if (!Path.IsPathRooted(directory))
        {
            throw new WorkerStartException(
                $"The temporary directory {Describe(directory)} is not an absolute path, so this process and its workers would not mean the same by it. {Advice}");
        }

        if (!Directory.Exists(directory))
        {
            throw new WorkerStartException($"The temporary directory {Describe(directory)} does not exist. {Advice}");
        }
    }

    private static string Describe(string directory) =>
        Environment.GetEnvironmentVariable(TemporaryVariable) is { Length: > 0 } value ? $"'{directory}' (TMPDIR={value})" : $"'{directory}' (TMPDIR is not set)";

    // The framework reports a read-only file system, and one without free inodes, as "access denied".
    private static string Cause(string pipe, Exception exception)
    {
        try
        {
            File.Create(pipe, bufferSize: 1, FileOptions.DeleteOnClose).Dispose();
            return (exception.InnerException ?? exception).Message.TrimEnd('.');
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            return refused is IOException { HResult: ReadOnlyFileSystem } ? "it is on a read-only file system"
                : refused is IOException { HResult: NoSpace } ? "there is no space, or no inode, left on it"
                : refused.Message.TrimEnd('.');
        }
    }

    // Shared memory is opened through /proc/PID/fd, so the process ids there must be those of this process's own
    // namespace.
    [SupportedOSPlatform("linux")]
    private static void CheckProcesses()
    {
        Span<byte> link = stackalloc byte[MaxLink];
        var length = readlink("/proc/self", link, link.Length);
        if (length <= 0)
        {
            throw new WorkerStartException(
                "There is no /proc, through which workers find the memory that they share with this process. Mount it: mount -t proc proc /proc");
        }

        if (!int.TryParse(link[..(int)length], NumberStyles.None, CultureInfo.InvariantCulture, out var seen) || seen != Environment.ProcessId)
        {
            throw new WorkerStartException(string.Create(
                CultureInfo.InvariantCulture,
                $"/proc belongs to another PID namespace: this process has the id {Environment.ProcessId}, and there it is {Text(link[..(int)length])}. ")
                + "Workers would not find the memory that they share with this process. Mount /proc anew in this namespace: mount -t proc proc /proc (unshare has --mount-proc)");
        }
    }

    // With SIGCHLD ignored, the kernel reaps children silently: the framework, and with it the pool, would never notice
    // that a worker has ended.
    [SupportedOSPlatform("linux")]
    private static void CheckSignals()
    {
        Span<nint> action = stackalloc nint[ActionWords];
        if (sigaction(SignalChild, 0, ref action[0]) == 0 && action[0] == Ignored)
        {
            throw new WorkerStartException(
                "This process ignores SIGCHLD, which it has inherited from whoever started it: the end of a worker would never be heard of. "
                + "Start it with the default: env --default-signal=CHLD PROGRAM, or signal(SIGCHLD, SIG_DFL) in the parent before it starts this process.");
        }
    }

    private static string Text(ReadOnlySpan<byte> bytes) => System.Text.Encoding.UTF8.GetString(bytes);

    [LibraryImport("libc")]
    private static partial int sigaction(int signal, nint action, ref nint former);

    [LibraryImport("libc", StringMarshalling = StringMarshalling.Utf8)]
    private static partial nint readlink(string path, Span<byte> target, nint length);
}
