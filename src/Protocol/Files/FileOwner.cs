using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using Microsoft.Win32.SafeHandles;

namespace MultiProc.Protocol.Files;

/// <summary>Owner, mode and kind of a file, on Linux. Links are not followed.</summary>
/// <param name="User">The user id of the owner.</param>
/// <param name="Mode">Who may read, write and execute it.</param>
/// <param name="Kind">The kind of file, as the kernel numbers them.</param>
[SupportedOSPlatform("linux")]
internal readonly partial record struct FileOwner(uint User, UnixFileMode Mode, int Kind)
{
    private const int CurrentDirectory = -100;
    private const int NoFollow = 0x100;
    private const int EmptyPath = 0x1000;
    private const uint WantTypeModeAndOwner = 0x1 | 0x2 | 0x8;
    private const int KindMask = 0xF000;
    private const int ModeMask = 0xFFF;

    public bool IsDirectory => Kind == 0x4000;

    public bool IsRegular => Kind == 0x8000;

    public bool IsLink => Kind == 0xA000;

    public bool IsSocket => Kind == 0xC000;

    /// <summary>Whether the owner is the user of this process.</summary>
    public bool IsOurs => User == geteuid();

    /// <summary>Reads them for a path; null: this user cannot see such a file.</summary>
    public static FileOwner? Of(string path) => statx(CurrentDirectory, path, NoFollow, WantTypeModeAndOwner, out var status) == 0 ? From(status) : null;

    /// <summary>Reads them for an open file.</summary>
    public static FileOwner? Of(SafeFileHandle file) => statx(file, "", EmptyPath, WantTypeModeAndOwner, out var status) == 0 ? From(status) : null;

    private static FileOwner From(Status status) => new(status.Owner, (UnixFileMode)(status.Mode & ModeMask), status.Mode & KindMask);

    [LibraryImport("libc")]
    private static partial uint geteuid();

    [LibraryImport("libc", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int statx(int directory, string path, int flags, uint mask, out Status status);

    [LibraryImport("libc", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int statx(SafeFileHandle file, string path, int flags, uint mask, out Status status);

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
