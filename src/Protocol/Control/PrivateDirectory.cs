using System.Runtime.InteropServices;

namespace MultiProc.Protocol.Control;

/// <summary>A directory that nobody but this user can look into.</summary>
internal static partial class PrivateDirectory
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
    private const int CurrentDirectory = -100;
    private const int NoFollow = 0x100;
    private const uint WantModeAndOwner = 0x2 | 0x8;
    private const int TypeMask = 0xF000;
    private const int IsDirectory = 0x4000;

    /// <summary>Creates it if it is not there.</summary>
    /// <exception cref="UnauthorizedAccessException">Somebody else was there first, or others may look into it.</exception>
    public static void Create(string path)
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        Directory.CreateDirectory(path, OwnerOnly);
        if (!IsOurs(path))
        {
            throw new UnauthorizedAccessException($"{path} is not a directory that belongs to this user alone.");
        }
    }

    /// <summary>Whether the directory is there, belongs to this user, and lets nobody else in.</summary>
    public static bool IsOurs(string path)
    {
        if (OperatingSystem.IsWindows() || !Directory.Exists(path))
        {
            return false;
        }

        if (!OperatingSystem.IsLinux())
        {
            return (File.GetUnixFileMode(path) & ~OwnerOnly) == 0;
        }

        // In a directory where all may write, somebody could have put a link or a directory of his own there.
        return statx(CurrentDirectory, path, NoFollow, WantModeAndOwner | 0x1, out var status) == 0
            && status.Owner == geteuid()
            && (status.Mode & TypeMask) == IsDirectory
            && (status.Mode & 0x3F) == 0;
    }

    [LibraryImport("libc")]
    private static partial uint geteuid();

    [LibraryImport("libc", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int statx(int directory, string path, int flags, uint mask, out Status status);

    // The layout is the kernel's own, and the same on every architecture.
    [StructLayout(LayoutKind.Explicit, Size = 256)]
    private struct Status
    {
        [FieldOffset(20)]
        public uint Owner;

        [FieldOffset(28)]
        public ushort Mode;
    }
}
