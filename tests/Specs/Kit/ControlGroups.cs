using System.Runtime.InteropServices;

namespace MultiProc.Specs.Kit;

/// <summary>Control groups (cgroups, version 2), as this process sees them.</summary>
internal static partial class ControlGroups
{
    /// <summary>The directory of the group that this process is in; null: there is none.</summary>
    public static string? Own { get; } = Find();

    /// <summary>Skips a spec where pools can have no control group.</summary>
    public static void SkipUnlessWritable()
    {
        var attempt = Path.Combine(Own ?? "/nowhere", "mp-spec-" + Environment.ProcessId);
        var isWritable = OperatingSystem.IsLinux() && Own is not null && mkdir(attempt, 0x1ED) == 0 && File.Exists(Path.Combine(attempt, "cgroup.kill"));
        if (isWritable)
        {
            Directory.Delete(attempt);
        }

        Assert.SkipUnless(isWritable, "This process may make no control groups, or the kernel cannot kill them.");
    }

    /// <summary>The groups of pools of this process.</summary>
    public static string[] OfThisProcess() => Own is null ? [] : Directory.GetDirectories(Own, $"multiproc-{Environment.ProcessId}-*");

    private static string? Find()
    {
        if (!OperatingSystem.IsLinux())
        {
            return null;
        }

        var group = File.ReadLines("/proc/self/cgroup").FirstOrDefault(static line => line.StartsWith("0::", StringComparison.Ordinal))?[3..].TrimEnd('/');
        var mount = File.ReadLines("/proc/self/mounts").Select(static line => line.Split(' ')).FirstOrDefault(static fields => fields[2] == "cgroup2")?[1];
        return group is not null && mount is not null && Directory.Exists(mount + group) ? mount + group : null;
    }

    [LibraryImport("libc", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int mkdir(string path, uint mode);
}
