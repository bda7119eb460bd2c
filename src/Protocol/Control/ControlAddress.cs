using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using MultiProc.Protocol.Files;

namespace MultiProc.Protocol.Control;

/// <summary>
/// The addresses of the control pipes of this user's pools: in a directory of the user's own, each named after its
/// process and pool.
/// </summary>
internal static partial class ControlAddress
{
    private const string Folder = "multiproc";
    private const string WindowsPipes = @"\\.\pipe\";
    private const string WindowsPrefix = "multiproc-control-";
    private const int RemovalTries = 5;

    // A Unix socket path may have 107 bytes (103 on macOS), its terminating zero not counted; the name takes up to 30.
    private const int MaxDirectoryLength = 72;
    private static readonly TimeSpan RemovalPause = TimeSpan.FromMilliseconds(10);

    private static int _pools;

    /// <summary>Creates the path of a new control pipe.</summary>
    /// <exception cref="UnauthorizedAccessException">The directory belongs to another user.</exception>
    /// <exception cref="IOException">It cannot be created.</exception>
    public static string Create()
    {
        // The last part distinguishes processes with the same id in different containers.
        var name = string.Create(
            CultureInfo.InvariantCulture,
            $"{Environment.ProcessId}-{Interlocked.Increment(ref _pools)}-{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(3))}");
        if (OperatingSystem.IsWindows())
        {
            return WindowsPrefix + name;
        }

        var directory = FindDirectory();
        PrivateDirectory.Create(directory);
        return Path.Combine(directory, name);
    }

    /// <summary>Lists the existing control pipes, including those of processes that were killed.</summary>
    /// <exception cref="UnauthorizedAccessException">
    /// The directory belongs to another user, or others may list it.
    /// </exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static IReadOnlyList<string> All()
    {
        try
        {
            if (OperatingSystem.IsWindows())
            {
                return [.. Directory.EnumerateFiles(WindowsPipes, WindowsPrefix + "*").Select(static path => Path.GetFileName(path))];
            }

            var directory = FindDirectory();
            return PrivateDirectory.Check(directory) ? [.. Directory.EnumerateFiles(directory).Order(StringComparer.Ordinal)] : [];
        }
        catch (DirectoryNotFoundException)
        {
            // The directory was removed a moment ago.
            return [];
        }
    }

    /// <summary>
    /// The reason why a control pipe of this directory must not be used: it belongs to another user. Null: it may be
    /// used.
    /// </summary>
    public static string? Rejection(string path) =>
        OperatingSystem.IsLinux() && FileOwner.Of(path) is { IsOurs: false } other
            ? string.Create(CultureInfo.InvariantCulture, $"{path} belongs to another user (user id {other.User})")
            : null;

    /// <summary>
    /// The name that users see: the process id, the number of the pool in that process, and some letters.
    /// </summary>
    public static string NameOf(string path) =>
        OperatingSystem.IsWindows() ? path[WindowsPrefix.Length..] : Path.GetFileName(path);

    /// <summary>The process id in a pool's name; 0: the name is not one.</summary>
    public static int ProcessOf(string name) =>
        int.TryParse(name.Split('-')[0], NumberStyles.None, CultureInfo.InvariantCulture, out var process) ? process : 0;

    /// <summary>Removes the control pipes of processes that were killed.</summary>
    public static void RemoveStale()
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        try
        {
            // Pools of live processes are not probed: they would see a client.
            foreach (var path in All().Where(static path => !IsAlive(ProcessOf(NameOf(path)))))
            {
                RemoveIfStale(path);
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // For example, no descriptor is left. The next process that looks removes it.
        }
    }

    /// <summary>Removes a control pipe that has no listener.</summary>
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
            // Another process removes it, or it is protected.
            return false;
        }
    }

    /// <summary>Removes a control pipe, on behalf of a host that is gone or about to be.</summary>
    public static void RemoveAfterHost(string path)
    {
        for (var tries = 0; tries < RemovalTries && !RemoveIfStale(path); tries++)
        {
            Thread.Sleep(RemovalPause);
        }
    }

    /// <summary>Whether such a process exists.</summary>
    public static bool IsAlive(int process)
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
            // A blocking connect would never return from a stopped process whose backlog is full.
            socket.Blocking = false;
            socket.Connect(new UnixDomainSocketEndPoint(path));
            return false;
        }
        catch (SocketException exception)
        {
            return exception.SocketErrorCode == SocketError.ConnectionRefused;
        }
    }

    // The path must leave space for the name.
    private static string FindDirectory() =>
        new[]
        {
            Environment.GetEnvironmentVariable("XDG_RUNTIME_DIR") is { Length: > 0 } runtime ? Path.Combine(runtime, Folder) : null,
            Path.Combine(Path.GetTempPath(), UserFolder),
        }
        .OfType<string>()
        .FirstOrDefault(static directory => Path.IsPathRooted(directory) && System.Text.Encoding.UTF8.GetByteCount(directory) <= MaxDirectoryLength)
        ?? Path.Combine("/tmp", UserFolder);

    // A user without a name in the system still has a number.
    private static string UserFolder => $"{Folder}-{(Environment.UserName is { Length: > 0 } name ? name : geteuid().ToString(CultureInfo.InvariantCulture))}";

    [LibraryImport("libc")]
    private static partial uint geteuid();
}
