using System.Security.Cryptography;
using Microsoft.Win32.SafeHandles;

namespace MultiProc.Protocol.Memory;

/// <summary>A temporary file that is deleted with its creator, on Windows and macOS. The handle is its path.</summary>
/// <remarks>
/// Windows deletes it however the creator ends. On macOS the creator deletes it when it disposes or exits; if it is
/// killed, the file stays in the user's private temporary directory until the system cleans that up. Files cannot be
/// sealed here. Windows refuses to shorten a mapped file; macOS does not, so there a process of the same user that
/// shortens it on purpose terminates its users.
/// </remarks>
internal static class TemporaryFile
{
    private const FileShare Everything = FileShare.ReadWrite | FileShare.Delete;

    public static (SafeFileHandle File, string Handle) Create()
    {
        var path = Path.Combine(Path.GetTempPath(), "multiproc-" + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16)));
        var options = new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.ReadWrite,
            Share = Everything,
            Options = FileOptions.DeleteOnClose,
            BufferSize = 0,
        };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        // Only a stream can be created with a mode. It has no buffer and no state of its own; only its handle is used.
        var file = new FileStream(path, options).SafeFileHandle;
        if (!OperatingSystem.IsWindows())
        {
            AppDomain.CurrentDomain.ProcessExit += (_, _) => file.Dispose();
        }

        return (file, path);
    }

    public static SafeFileHandle Open(string handle, FileAccess access)
    {
        try
        {
            return File.OpenHandle(handle, FileMode.Open, access, Everything);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new InvalidOperationException(
                $"The shared memory '{handle}' cannot be attached: its creator has disposed it, has exited, or runs as another user. " +
                "Keep the creator alive and undisposed while others use what it shares.",
                e);
        }
    }
}
