using System.Globalization;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;

namespace MultiProc.Host.Cli;

/// <summary>
/// Ends the command where it may open too few files to load what it needs even for an error message: .NET then says that an assembly cannot be found. Runs before
/// <c>Main</c>, and uses nothing that has to be loaded.
/// </summary>
internal static partial class DescriptorCheck
{
    // What any verb opens before it starts a pool, and some that it may have inherited.
    private const int Needed = 64;
    private const int OpenFiles = 7;
    private const int StandardError = 2;

    [ModuleInitializer]
    internal static void EndWhereThereAreTooFew()
    {
        if (OperatingSystem.IsLinux() && getrlimit(OpenFiles, out var limit) == 0 && limit.Current < Needed)
        {
            Span<byte> line = stackalloc byte[512];
            Encoding.UTF8.TryGetBytes(
                $"multiproc: There are too few file descriptors: this process may open {((long)limit.Current).ToString(CultureInfo.InvariantCulture)} (RLIMIT_NOFILE), "
                + $"and needs {Needed.ToString(CultureInfo.InvariantCulture)} and more for each worker. "
                + "Raise the limit: ulimit -n in a shell, LimitNOFILE= of a systemd unit, --ulimit nofile= of a container.\n",
                line,
                out var length);
            _ = write(StandardError, in line[0], length);
            exit(HostExitCode.Failed);
        }
    }

    [LibraryImport("libc")]
    private static partial int getrlimit(int resource, out ResourceLimit limit);

    [LibraryImport("libc")]
    private static partial nint write(int file, in byte bytes, nint length);

    [LibraryImport("libc", EntryPoint = "_exit")]
    private static partial void exit(int code);

    [StructLayout(LayoutKind.Sequential)]
    private struct ResourceLimit
    {
        public ulong Current;
        public ulong Most;
    }
}
