using System.ComponentModel;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace MultiProc.Protocol.Files;

/// <summary>
/// Opens files that another user may have created. It returns a regular file or fails with a clear error, and never
/// blocks on a pipe without a writer.
/// </summary>
internal static partial class RegularFile
{
    private const int NonBlocking = 0x800;
    private const int CloseOnExec = 0x80000;

    /// <summary>Opens a file for reading.</summary>
    /// <exception cref="FileNotFoundException">The file does not exist.</exception>
    /// <exception cref="IOException">It cannot be opened.</exception>
    /// <exception cref="UnauthorizedAccessException">This user may not read it.</exception>
    /// <exception cref="InvalidDataException">It is a link, a directory, a pipe or a device.</exception>
    public static SafeFileHandle OpenRead(string path)
    {
        if (!OperatingSystem.IsLinux())
        {
            RequireOrdinary(path, new FileInfo(path) is { LinkTarget: null } file && !file.Attributes.HasFlag(FileAttributes.Device));
            return File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.Read);
        }

        if (FileOwner.Of(path) is { } found)
        {
            RequireOrdinary(path, found.IsRegular);
        }

        var descriptor = open(path, NonBlocking | CloseOnExec);
        if (descriptor < 0)
        {
            throw Failure(path, Marshal.GetLastPInvokeError());
        }

        // The file may have been replaced since it was checked by name.
        var handle = new SafeFileHandle(descriptor, ownsHandle: true);
        try
        {
            RequireOrdinary(path, FileOwner.Of(handle)?.IsRegular == true);
            return handle;
        }
        catch
        {
            handle.Dispose();
            throw;
        }
    }

    private static void RequireOrdinary(string path, bool isOrdinary)
    {
        if (!isOrdinary)
        {
            throw new InvalidDataException($"{path} is not an ordinary file: it is a link, a directory, a pipe or a device. Name the file itself.");
        }
    }

    private static Exception Failure(string path, int error)
    {
        const int NoEntry = 2;
        const int NoDirectory = 20;
        const int NotPermitted = 1;
        const int AccessDenied = 13;
        var reason = new Win32Exception(error).Message;
        return error switch
        {
            NoEntry or NoDirectory => new FileNotFoundException($"There is no file {path}.", path),
            NotPermitted or AccessDenied => new UnauthorizedAccessException($"{path} cannot be read: {reason}."),
            _ => new IOException($"{path} cannot be read: {reason}."),
        };
    }

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int open(string path, int flags);
}
