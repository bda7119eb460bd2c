using System.Collections.Concurrent;
using System.Diagnostics;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using System.Runtime.Loader;
using System.Security.Cryptography;

namespace MultiProc.Workers.Launch;

/// <summary>
/// The check that the files from which workers are started are those that this process runs. If they were deleted or
/// replaced by another build, a new worker would not start, or would reject every call. Thread-safe.
/// </summary>
internal static class ApplicationFiles
{
    // Of larger files (a single-file application) only the two ends are compared.
    private const int MaxCompared = 1 << 20;
    private const int MaxComparedEnd = 1 << 16;

    private static readonly Lock Gate = new();
    private static readonly ConcurrentDictionary<string, Stamp> Known = new(StringComparer.Ordinal);
    private static readonly ConcurrentDictionary<string, Task<byte[]>> Contents = new(StringComparer.Ordinal);
    private static readonly string Folder = AppContext.BaseDirectory;
    private static readonly Lazy<DateTime> Started = new(FindStart);
    private static readonly TimeSpan TimeTolerance = TimeSpan.FromSeconds(2);

    /// <summary>Throws if new workers would not run what this process runs.</summary>
    /// <param name="command">The command line; arguments that are files are checked.</param>
    /// <exception cref="WorkerStartException">A file has changed.</exception>
    public static void Check(IEnumerable<string> command)
    {
        lock (Gate)
        {
            HashSet<string> checkedFiles = new(StringComparer.Ordinal);
            foreach (var assembly in AssemblyLoadContext.Default.Assemblies)
            {
                if (!assembly.IsDynamic && assembly.Location is { Length: > 0 } file && file.StartsWith(Folder, StringComparison.Ordinal) && checkedFiles.Add(file))
                {
                    Check(file, (path, isFirst) => (isFirst && IsOlderThanThisProcess(path)) || BuildOf(path) == assembly.ManifestModule.ModuleVersionId);
                }
            }

            foreach (var file in command.Where(argument => Path.IsPathRooted(argument) && checkedFiles.Add(argument)))
            {
                // The runtime's own program may be replaced by a later one, which starts workers just as well.
                Check(file, Path.GetFileNameWithoutExtension(file) == "dotnet" ? static (_, _) => true : IsSameContent);
            }
        }
    }

    /// <summary>
    /// Compares what another process has loaded with what this one runs; null: there is no difference.
    /// </summary>
    /// <param name="missing">The simple name of an assembly that the other process could not load; empty: none.</param>
    /// <param name="files">The files that the other process has loaded.</param>
    /// <param name="builds">Their module version ids.</param>
    public static string? DescribeDifference(string missing, IReadOnlyList<string> files, IReadOnlyList<string> builds)
    {
        foreach (var assembly in AssemblyLoadContext.Default.Assemblies)
        {
            if (assembly.IsDynamic || assembly.Location is not { Length: > 0 } file || !file.StartsWith(Folder, StringComparison.Ordinal))
            {
                continue;
            }

            if (string.Equals(assembly.GetName().Name, missing, StringComparison.OrdinalIgnoreCase))
            {
                return $"it could not load {file}, which this process runs";
            }

            for (var i = 0; i < files.Count && i < builds.Count; i++)
            {
                if (files[i] == file && builds[i] != assembly.ManifestModule.ModuleVersionId.ToString())
                {
                    return $"it has loaded another build of {file} than this process runs";
                }
            }
        }

        return null;
    }

    private static void Check(string path, Func<string, bool, bool> isSame)
    {
        var file = new FileInfo(path);
        if (!file.Exists)
        {
            throw OtherBuild(path, "has been deleted");
        }

        var stamp = new Stamp(file.Length, file.LastWriteTimeUtc);
        var isFirst = !Known.TryGetValue(path, out var known);
        if (!isFirst && known == stamp)
        {
            return;
        }

        try
        {
            if (!isSame(path, isFirst))
            {
                throw OtherBuild(path, "has been replaced");
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or BadImageFormatException or InvalidOperationException or AggregateException)
        {
            throw OtherBuild(path, $"cannot be read ({exception.Message.TrimEnd('.')})");
        }

        Known[path] = stamp;
    }

    private static WorkerStartException OtherBuild(string path, string how) => new(
        $"The application on disk is another build than the one that runs: {path} {how} since this process started. Workers that live go on; no new one is started "
        + "until the file is back. Put it back, or start the application again.")
    {
        IsOtherBuild = true,
    };

    // Computed in the background while the first workers start, which takes far longer.
    private static bool IsSameContent(string path, bool isFirst)
    {
        if (!isFirst)
        {
            return Contents[path].GetAwaiter().GetResult().AsSpan().SequenceEqual(Digest(path));
        }

        Contents[path] = Task.Run(() => Digest(path));
        return true;
    }

    private static byte[] Digest(string path)
    {
        using var file = File.Open(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        if (file.Length <= MaxCompared)
        {
            return SHA256.HashData(file);
        }

        var ends = new byte[2 * MaxComparedEnd];
        file.ReadExactly(ends, 0, MaxComparedEnd);
        file.Seek(-MaxComparedEnd, SeekOrigin.End);
        file.ReadExactly(ends, MaxComparedEnd, MaxComparedEnd);
        return SHA256.HashData(ends);
    }

    // The usual case, which avoids reading all assemblies. The times of files and processes are not exact.
    private static bool IsOlderThanThisProcess(string path) => File.GetLastWriteTimeUtc(path) < Started.Value - TimeTolerance;

    private static DateTime FindStart()
    {
        using var own = Process.GetCurrentProcess();
        return own.StartTime.ToUniversalTime();
    }

    private static Guid BuildOf(string path)
    {
        using var file = new PEReader(File.Open(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete));
        var metadata = file.GetMetadataReader();
        return metadata.GetGuid(metadata.GetModuleDefinition().Mvid);
    }

    private readonly record struct Stamp(long Length, DateTime Written);
}
