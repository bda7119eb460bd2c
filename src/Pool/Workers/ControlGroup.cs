using System.Diagnostics;
using System.Globalization;
using MultiProc.Protocol.Control;

namespace MultiProc.Workers;

/// <summary>
/// A Linux control group (cgroup, version 2) of a pool, with one child group for each worker process. Whatever a worker
/// starts is in its group, and leaves it only by an explicit request to the kernel: a cleared environment, a new
/// session or a dead parent do not hide it. Thread-safe.
/// </summary>
/// <remarks>
/// The groups are created below the one of this process, where that is writable. They have no controllers, so they
/// limit nothing: their use of resources counts as that of this process's own group.
/// </remarks>
internal sealed class ControlGroup
{
    private const string Prefix = "multiproc-";
    private const string ProcessesFile = "cgroup.procs";

    // Linux 5.14.
    private const string KillFile = "cgroup.kill";
    private const string EventsFile = "cgroup.events";
    private const string NotPopulated = "populated 0";
    private static readonly TimeSpan EndTimeout = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(2);

    private readonly string _path;

    private ControlGroup(string path) => _path = path;

    /// <summary>Creates the group of a pool, and removes stale groups of processes that were killed.</summary>
    /// <returns>Null: this process may not create groups, or the system has none (such as Linux before 5.14).</returns>
    public static ControlGroup? TryCreate(string pool)
    {
        if (!OperatingSystem.IsLinux())
        {
            return null;
        }

        try
        {
            if (FindOwn() is not { } own)
            {
                return null;
            }

            foreach (var stale in Directory.EnumerateDirectories(own, Prefix + "*").Where(static path => !IsOwnerAlive(path)))
            {
                TryRemove(stale);
            }

            return TryCreateAt(Path.Combine(own, string.Create(CultureInfo.InvariantCulture, $"{Prefix}{Environment.ProcessId}-{pool}")));
        }
        catch (Exception exception) when (IsSystemError(exception))
        {
            return null;
        }
    }

    /// <summary>Moves a process, and thereby everything that it will start, into a child group of its own.</summary>
    /// <returns>The child group; null: this process may not create it, or the other process has ended.</returns>
    public ControlGroup? TryAdd(string name, int process)
    {
        ControlGroup? group = null;
        try
        {
            group = TryCreateAt(Path.Combine(_path, name));
            if (group is not null)
            {
                File.WriteAllText(Path.Combine(group._path, ProcessesFile), process.ToString(CultureInfo.InvariantCulture));
            }

            return group;
        }
        catch (Exception exception) when (IsSystemError(exception))
        {
            // The limit of groups is reached, or the process may not be moved.
            group?.TryRemove();
            return null;
        }
    }

    /// <summary>Kills all processes in the group and its children, and removes them.</summary>
    /// <returns>Completes when they are gone, or after half a second.</returns>
    public async Task EndAsync()
    {
        try
        {
            await File.WriteAllTextAsync(Path.Combine(_path, KillFile), "1").ConfigureAwait(false);
            var began = Stopwatch.GetTimestamp();
            while (!(await File.ReadAllTextAsync(Path.Combine(_path, EventsFile)).ConfigureAwait(false)).Contains(NotPopulated, StringComparison.Ordinal)
                && Stopwatch.GetElapsedTime(began) < EndTimeout)
            {
                await Task.Delay(PollInterval).ConfigureAwait(false);
            }
        }
        catch (Exception exception) when (IsSystemError(exception))
        {
            // The group is gone.
        }

        TryRemove();
    }

    /// <summary>Removes the group and its children, if no process is left in them.</summary>
    public void TryRemove() => TryRemove(_path);

    private static void TryRemove(string path)
    {
        try
        {
            foreach (var group in Directory.EnumerateDirectories(path))
            {
                TryRemove(group);
            }

            Directory.Delete(path);
        }
        catch (Exception exception) when (IsSystemError(exception))
        {
            // A process is still in it, or another process has removed it.
        }
    }

    private static ControlGroup? TryCreateAt(string path)
    {
        Directory.CreateDirectory(path);
        if (File.Exists(Path.Combine(path, KillFile)))
        {
            return new ControlGroup(path);
        }

        Directory.Delete(path);
        return null;
    }

    /// <summary>
    /// The directory of this process's own group; null: there is none, or it is not visible from here.
    /// </summary>
    private static string? FindOwn()
    {
        const string Unified = "0::";
        var group = File.ReadLines("/proc/self/cgroup").FirstOrDefault(static line => line.StartsWith(Unified, StringComparison.Ordinal))?[Unified.Length..];
        if (group is null || group.StartsWith("/..", StringComparison.Ordinal))
        {
            return null;
        }

        foreach (var line in File.ReadLines("/proc/self/mountinfo"))
        {
            // The fields of a line: number, parent, device, root, mount point, options ... - type, and more.
            if (line.Contains(" - cgroup2 ", StringComparison.Ordinal) && line.Split(' ') is [_, _, _, var root, var mount, ..]
                && (root == "/" ? group : group == root || group.StartsWith(root + "/", StringComparison.Ordinal) ? group[root.Length..] : null) is { } below
                && File.Exists(mount + below + "/" + ProcessesFile))
            {
                return mount + below;
            }
        }

        return null;
    }

    private static bool IsOwnerAlive(string path) => ControlAddress.IsAlive(ControlAddress.ProcessOf(Path.GetFileName(path)[Prefix.Length..]));

    private static bool IsSystemError(Exception exception) => exception is IOException or UnauthorizedAccessException;
}
