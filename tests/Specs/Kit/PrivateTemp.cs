using System.Reflection;
using System.Runtime.CompilerServices;

namespace MultiProc.Specs.Kit;

/// <summary>A temporary directory for this run alone: what appears in it is ours, whatever else the machine is doing.</summary>
internal static class PrivateTemp
{
    private static readonly string Shared = Path.GetTempPath();

    private static string? _path;

    /// <summary>What lies there, and what ours lies in the directories that all share.</summary>
    public static HashSet<string> Files() =>
    [
        .. Directory.EnumerateFileSystemEntries(Path.GetTempPath()),
        .. Directory.EnumerateDirectories(Path.GetTempPath(), "multiproc-*").SelectMany(Directory.EnumerateFiles),
        .. Directory.Exists("/dev/shm") ? Directory.EnumerateFiles("/dev/shm", "*multiproc*") : [],
    ];

    // A worker that runs a function of this assembly runs this, too; it has been given the directory by its host.
    [ModuleInitializer]
    internal static void Create()
    {
        if (Assembly.GetEntryAssembly() == typeof(PrivateTemp).Assembly)
        {
            _path = Directory.CreateDirectory(Path.Combine(Shared, "mp-specs-" + Environment.ProcessId)).FullName;
            Environment.SetEnvironmentVariable("TMPDIR", _path);
            Environment.SetEnvironmentVariable("XDG_RUNTIME_DIR", null);
            AppDomain.CurrentDomain.ProcessExit += static (_, _) => Directory.Delete(_path, recursive: true);
        }
    }
}
