using System.ComponentModel;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using System.Security.Cryptography;
using Microsoft.Win32.SafeHandles;
using MultiProc.Boundary;

namespace MultiProc.Protocol.Memory;

/// <summary>
/// A file in memory without a name, on Linux: nothing is left behind, whichever process dies. Other processes open it
/// through its creator's descriptor.
/// </summary>
/// <remarks>
/// A handle has the form <c>pid/descriptor/label</c>. The label is random, and the kernel shows it as the target of
/// <c>/proc/pid/fd/descriptor</c>, so a reused process id or descriptor is detected. <c>/proc</c> gives access only to
/// this user's processes (and root). Unlike files in <c>/dev/shm</c>, which containers often limit to 64 MB, these
/// files are limited only by the memory of the machine or container.
/// </remarks>
[SupportedOSPlatform("linux")]
internal static unsafe partial class AnonymousFile
{
    private const uint CloseOnExec = 1;
    private const uint AllowSealing = 2;
    private const uint NotExecutable = 8;
    private const int InvalidArgument = 22;
    private const int AddSeals = 1033;
    private const int GetSeals = 1034;
    private const int SealSealing = 1;
    private const int SealShrinking = 2;
    private const int SealGrowing = 4;
    private const int ReadOnly = 0;
    private const int ReadWrite = 2;
    private const int CloseOpenedOnExec = 0x80000;
    private const int SeekHole = 4;
    private const int MaxName = 256;

    public static (SafeFileHandle File, string Handle) Create()
    {
        var label = "multiproc-" + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));
        var descriptor = memfd_create(label, CloseOnExec | AllowSealing | NotExecutable);
        if (descriptor < 0 && Marshal.GetLastPInvokeError() == InvalidArgument)
        {
            descriptor = memfd_create(label, CloseOnExec | AllowSealing); // kernels before 6.3 do not know the other flag
        }

        if (descriptor < 0)
        {
            throw new IOException(
                $"No shared memory could be created: {new Win32Exception(Marshal.GetLastPInvokeError()).Message}. " +
                "Look at the limits on open files and memory of this process.");
        }

        var file = new SafeFileHandle(descriptor, ownsHandle: true);
        File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        return (file, string.Create(CultureInfo.InvariantCulture, $"{Environment.ProcessId}/{descriptor}/{label}"));
    }

    /// <summary>
    /// Fixes the file's length for good, for all processes: an access behind the end of a file that was shortened would
    /// terminate this process with SIGBUS. Pages can still be freed (<see cref="PageAdvice.Remove"/>), which does not
    /// shorten the file.
    /// </summary>
    /// <param name="file">The file as returned by <see cref="Create"/>, with its initial length.</param>
    /// <param name="bytes">The initial length.</param>
    /// <param name="mayGrow">Whether the file may be extended later.</param>
    /// <exception cref="IOException">
    /// The system does not seal files, or another process has changed the length meanwhile.
    /// </exception>
    public static void Seal(SafeFileHandle file, long bytes, bool mayGrow)
    {
        if (fcntl(file, AddSeals, SealSealing | SealShrinking | (mayGrow ? 0 : SealGrowing)) != 0)
        {
            throw new IOException(
                $"Shared memory could not be sealed against changes of its length: {new Win32Exception(Marshal.GetLastPInvokeError()).Message}. "
                + "MultiProc needs Linux 3.17 or later, or a sandbox that supports F_ADD_SEALS.");
        }

        var length = RandomAccess.GetLength(file);
        if (length < bytes || (length > bytes && !mayGrow))
        {
            throw new IOException($"Shared memory of {bytes} bytes has {length}: another process changed its length while it was created.");
        }
    }

    /// <summary>
    /// Finds the first unwritten page at or behind <paramref name="offset"/>, or the end of the file. Negative: the
    /// offset is behind the end.
    /// </summary>
    public static long FirstHole(SafeFileHandle file, long offset) => lseek(file, offset, SeekHole);

    /// <exception cref="InvalidOperationException">
    /// The creator has disposed it, has exited, runs as another user, or could still shorten it.
    /// </exception>
    public static SafeFileHandle Open(string handle, FileAccess access)
    {
        var parts = handle.Split('/');
        if (parts.Length != 3 || !IsNumber(parts[0]) || !IsNumber(parts[1]))
        {
            throw new ArgumentException($"'{handle}' is not the handle of shared memory on Linux.", nameof(handle));
        }

        // Uses system calls: opening a file and reading a link through the framework takes a tenth of a worker's start.
        // The link is checked before opening, because opening an unrelated descriptor may have effects; and after,
        // because it may have changed in between.
        var link = $"/proc/{parts[0]}/fd/{parts[1]}";
        if (!ReadsAs(link, parts[2]))
        {
            throw Gone(parts[0], null);
        }

        var file = new SafeFileHandle(open(link, (access == FileAccess.Read ? ReadOnly : ReadWrite) | CloseOpenedOnExec), ownsHandle: true);
        if (file.IsInvalid)
        {
            throw Gone(parts[0], new Win32Exception(Marshal.GetLastPInvokeError()));
        }

        if (ReadsAs(string.Concat("/proc/self/fd/", (object)(int)file.DangerousGetHandle()), parts[2]))
        {
            // A creator that could still shorten the file could terminate this process.
            const int Needed = SealShrinking | SealSealing;
            if (fcntl(file, GetSeals, 0) is >= 0 and var seals && (seals & Needed) == Needed)
            {
                return file;
            }

            file.Dispose();
            throw new InvalidOperationException(
                $"The shared memory of process {parts[0]} cannot be attached: it is not sealed against shrinking. Use the same version of MultiProc in all processes.");
        }

        file.Dispose();
        throw Gone(parts[0], null);
    }

    // Parsing would load the cultures, which a worker may never need.
    private static bool IsNumber(string text)
    {
        foreach (var digit in text)
        {
            if (!char.IsAsciiDigit(digit))
            {
                return false;
            }
        }

        return text.Length is > 0 and < 11;
    }

    private static bool ReadsAs(string link, string label)
    {
        var expected = "/memfd:" + label;
        Span<byte> target = stackalloc byte[MaxName];
        if (readlink(link, target, target.Length) < expected.Length)
        {
            return false;
        }

        for (var i = 0; i < expected.Length; i++)
        {
            if (target[i] != expected[i])
            {
                return false;
            }
        }

        return true;
    }

    private static InvalidOperationException Gone(string processId, Exception? cause) => new(
        $"The shared memory of process {processId} cannot be attached: that process has disposed it, has exited, or runs as another user. " +
        "Keep the creator alive and undisposed while others use what it shares.",
        cause);

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int memfd_create(string name, uint flags);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int fcntl(SafeFileHandle file, int command, int argument);

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int open(string path, int flags);

    [LibraryImport("libc")]
    private static partial long lseek(SafeFileHandle file, long offset, int from);

    [LibraryImport("libc", StringMarshalling = StringMarshalling.Utf8)]
    private static partial nint readlink(string path, Span<byte> target, nint length);
}
