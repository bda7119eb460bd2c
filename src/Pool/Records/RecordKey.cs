using System.Globalization;
using System.Security.Cryptography;
using MultiProc.Protocol.Control;
using MultiProc.Protocol.Files;
using MultiProc.Protocol.Records;

namespace MultiProc.Records;

/// <summary>
/// The user's secret key, by which records of this user's pools are told from records of others. It is a file in the
/// user's home that nobody else can read, created at first use.
/// </summary>
internal static class RecordKey
{
    private const string Folder = ".multiproc";
    private const string WindowsFolder = "MultiProc";
    private const string FileName = "record-key";
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>Reads the key, or creates it if there is none.</summary>
    /// <param name="trouble">The reason why there is no key and none can be stored; null: there is one.</param>
    public static byte[]? FindOrCreate(out string? trouble) => Find(create: true, out trouble);

    /// <summary>Reads the key; null: there is none, or none that can be used.</summary>
    public static byte[]? Find() => Find(create: false, out _);

    private static byte[]? Find(bool create, out string? trouble)
    {
        try
        {
            var directory = FindDirectory();
            var path = Path.Combine(directory, FileName);
            if (create && !File.Exists(path))
            {
                CheckHome(Path.GetDirectoryName(directory)!);
                PrivateDirectory.Create(directory);
                Create(path);
            }

            trouble = null;
            return PrivateDirectory.Check(directory) ? Read(path) : null;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or InvalidDataException or ArgumentException)
        {
            trouble = exception.Message;
            return null;
        }
    }

    // If HOME is not set, the framework asks the user database.
    private static string FindDirectory()
    {
        if (OperatingSystem.IsWindows())
        {
            return Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.DoNotVerify), WindowsFolder);
        }

        var home = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile, Environment.SpecialFolderOption.DoNotVerify);
        return Path.IsPathRooted(home) ? Path.Combine(home, Folder) : throw new IOException($"The home directory '{home}' is not an absolute path.");
    }

    // An administrator who has kept another user's HOME would leave files there that this user can neither read nor
    // remove.
    private static void CheckHome(string home)
    {
        if (OperatingSystem.IsLinux())
        {
            var target = new DirectoryInfo(home).ResolveLinkTarget(returnFinalTarget: true)?.FullName ?? home;
            var owner = FileOwner.Of(target) ?? throw new IOException($"The home directory {home} is not there.");
            if (!owner.IsOurs)
            {
                throw new IOException(string.Create(CultureInfo.InvariantCulture, $"The home directory {home} belongs to another user (user id {owner.User})."));
            }
        }
    }

    // The key is written under a temporary name, so that nobody ever reads a part of it, and then renamed, unless
    // another process was faster.
    private static void Create(string path)
    {
        var unfinished = $"{path}.{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(8))}";
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = OwnerOnly;
        }

        try
        {
            using (var file = new FileStream(unfinished, options))
            {
                file.Write(RandomNumberGenerator.GetBytes(RecordHash.KeyLength));
                file.Flush(flushToDisk: true);
            }

            File.Move(unfinished, path, overwrite: false);
        }
        catch (IOException) when (File.Exists(path))
        {
            File.Delete(unfinished);
        }
        catch
        {
            File.Delete(unfinished);
            throw;
        }
    }

    private static byte[]? Read(string path)
    {
        if (!File.Exists(path))
        {
            return null;
        }

        using var file = RegularFile.OpenRead(path);
        if (OperatingSystem.IsLinux() && FileOwner.Of(file) is not { IsOurs: true })
        {
            throw new IOException($"The key {path} belongs to another user. Remove it; a new one is made.");
        }

        if (!OperatingSystem.IsWindows() && (File.GetUnixFileMode(file) & ~OwnerOnly) != 0)
        {
            throw new IOException($"The key {path} can be read by other users. Remove it; a new one is made, and records that were written with it count as foreign.");
        }

        var key = new byte[RecordHash.KeyLength + 1];
        return RandomAccess.Read(file, key, fileOffset: 0) == RecordHash.KeyLength
            ? key[..RecordHash.KeyLength]
            : throw new IOException($"The key {path} is damaged. Remove it; a new one is made.");
    }
}
