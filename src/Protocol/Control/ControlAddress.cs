using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;
using System.Security.Cryptography;

namespace MultiProc.Protocol.Control;

/// <summary>Where the control pipes of this user's pools are: in a directory of the user's own, each named after its process and pool.</summary>
internal static class ControlAddress
{
    private const string Folder = "multiproc";
    private const string WindowsPipes = @"\\.\pipe\";
    private const string WindowsPrefix = "multiproc-control-";
    private const int RemovalTries = 5;

    // A Unix socket path may have 107 bytes (103 on macOS), its terminating zero not counted; the name takes up to 30.
    private const int LongestDirectory = 72;
    private static readonly TimeSpan RemovalPause = TimeSpan.FromMilliseconds(10);

    private static int _pools;

    /// <summary>The path of a new control pipe.</summary>
    /// <exception cref="UnauthorizedAccessException">The directory belongs to somebody else.</exception>
    /// <exception cref="IOException">It cannot be created.</exception>
    public static string Create()
    {
        // The last part keeps apart what has the same process id in different containers.
        var name = string.Create(
            CultureInfo.InvariantCulture,
            $"{Environment.ProcessId}-{Interlocked.Increment(ref _pools)}-{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(3))}");
        if (OperatingSystem.IsWindows())
        {
            return WindowsPrefix + name;
        }

        var directory = Directories().First();
        PrivateDirectory.Create(directory);
        return Path.Combine(directory, name);
    }

    /// <summary>The control pipes that are there, also those of processes that were killed.</summary>
    public static IReadOnlyList<string> All()
    {
        try
        {
            return OperatingSystem.IsWindows()
                ? [.. Directory.EnumerateFiles(WindowsPipes, WindowsPrefix + "*").Select(static path => Path.GetFileName(path))]
                : [.. Directories().Where(PrivateDirectory.IsOurs).SelectMany(Directory.EnumerateFiles).Order(StringComparer.Ordinal)];
        }
        catch (DirectoryNotFoundException)
        {
            // It was removed a moment ago.
            return [];
        }
    }

    /// <summary>How users see it: the process id, the number of the pool in that process, and some letters.</summary>
    public static string NameOf(string path) =>
        OperatingSystem.IsWindows() ? path[WindowsPrefix.Length..] : Path.GetFileName(path);

    /// <summary>The process of a pool, by its name; 0 when the name is none.</summary>
    public static int ProcessOf(string name) =>
        int.TryParse(name.Split('-')[0], NumberStyles.None, CultureInfo.InvariantCulture, out var process) ? process : 0;

    /// <summary>Removes what processes have left that were killed.</summary>
    public static void RemoveStale()
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        // The pools of live processes are left in peace: to them a look would be a client.
        foreach (var path in All().Where(static path => !IsAlive(ProcessOf(NameOf(path)))))
        {
            RemoveIfStale(path);
        }
    }

    /// <summary>Removes a control pipe if nobody listens at it.</summary>
    /// <returns>Whether it is gone.</returns>
    public static bool RemoveIfStale(string path)
    {
        try
        {
            if (!OperatingSystem.IsWindows() && IsStale(path))
            {
                File.Delete(path);
            }

            return !File.Exists(path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or SocketException)
        {
            // Somebody else removes it, or guards it.
            return false;
        }
    }

    /// <summary>For a worker whose host is gone, or about to be.</summary>
    public static void RemoveAfterHost(string path)
    {
        for (var tries = 0; tries < RemovalTries && !RemoveIfStale(path); tries++)
        {
            Thread.Sleep(RemovalPause);
        }
    }

    private static bool IsAlive(int process)
    {
        if (OperatingSystem.IsLinux())
        {
            return Directory.Exists(string.Create(CultureInfo.InvariantCulture, $"/proc/{process}"));
        }

        try
        {
            Process.GetProcessById(process).Dispose();
            return true;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }

    private static bool IsStale(string path)
    {
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            socket.Connect(new UnixDomainSocketEndPoint(path));
            return false;
        }
        catch (SocketException exception)
        {
            return exception.SocketErrorCode == SocketError.ConnectionRefused;
        }
    }

    // The first is where new ones go; the others are looked at, too, for applications that see another environment.
    private static IEnumerable<string> Directories() =>
        new[]
        {
            Environment.GetEnvironmentVariable("XDG_RUNTIME_DIR") is { Length: > 0 } runtime ? Path.Combine(runtime, Folder) : null,
            Path.Combine(Path.GetTempPath(), UserFolder),
            Path.Combine("/tmp", UserFolder),
        }
        .OfType<string>()
        .Where(static directory => Path.IsPathRooted(directory) && System.Text.Encoding.UTF8.GetByteCount(directory) <= LongestDirectory)
        .Distinct();

    private static string UserFolder => $"{Folder}-{Environment.UserName}";
}
