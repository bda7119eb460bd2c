using System.Globalization;
using MultiProc.Protocol.Files;

namespace MultiProc.Protocol.Control;

/// <summary>Directories that only this user can access.</summary>
internal static class PrivateDirectory
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    /// <summary>Creates the directory if it does not exist.</summary>
    /// <exception cref="UnauthorizedAccessException">
    /// Another user has created it first, or others may access it.
    /// </exception>
    /// <exception cref="IOException">It cannot be created.</exception>
    public static void Create(string path)
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        Directory.CreateDirectory(path, OwnerOnly);
        Check(path);
    }

    /// <summary>Checks that a directory belongs to this user and admits nobody else.</summary>
    /// <returns>Whether it exists.</returns>
    /// <exception cref="UnauthorizedAccessException">
    /// It is not this user's, others may access it, or it is not a directory.
    /// </exception>
    public static bool Check(string path)
    {
        if (OperatingSystem.IsWindows())
        {
            return Directory.Exists(path);
        }

        if (!OperatingSystem.IsLinux())
        {
            return Directory.Exists(path) && ((File.GetUnixFileMode(path) & ~OwnerOnly) == 0 ? true : throw Refusal(path, "other users may look into it"));
        }

        // In a world-writable directory another user could have created a link or a directory under this name.
        if (FileOwner.Of(path) is not { } found)
        {
            return false;
        }

        var problem = !found.IsDirectory ? "it is not a directory, or a link to one"
            : !found.IsOurs ? string.Create(CultureInfo.InvariantCulture, $"it belongs to another user (user id {found.User})")
            : (found.Mode & ~OwnerOnly) != 0 ? "other users may look into it"
            : null;
        return problem is null ? true : throw Refusal(path, problem);
    }

    private static UnauthorizedAccessException Refusal(string path, string problem) =>
        new($"The directory {path} is not used: {problem}. It must be a directory of this user with mode 0700. Remove it, or give it that owner and mode.");
}
