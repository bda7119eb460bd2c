using System.ComponentModel;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using System.Security.Cryptography;
using Microsoft.Win32.SafeHandles;

namespace MultiProc.Protocol.Memory;

/// <summary>Linux: a file in memory without a name, so that nothing is left behind whatever dies. Others reach it through its creator's descriptor.</summary>
/// <remarks>
/// A handle reads <c>pid/descriptor/label</c>. The label is random and the kernel shows it as the target of <c>/proc/pid/fd/descriptor</c>, so a
/// reused process id or descriptor is noticed. <c>/proc</c> admits only this user's processes (and root) there. Unlike files in <c>/dev/shm</c>,
/// which containers often limit to 64 MB, these are bounded by the memory of the machine or container alone.
/// </remarks>
[SupportedOSPlatform("linux")]
internal static unsafe partial class AnonymousFile
{
    private const uint CloseOnExec = 1;
    private const uint NotExecutable = 8;
    private const int InvalidArgument = 22;

    public static (SafeFileHandle File, string Handle) Create()
    {
        var label = "multiproc-" + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));
        var descriptor = memfd_create(label, CloseOnExec | NotExecutable);
        if (descriptor < 0 && Marshal.GetLastPInvokeError() == InvalidArgument)
        {
            descriptor = memfd_create(label, CloseOnExec); // kernels before 6.3 do not know the other flag
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

    public static SafeFileHandle Open(string handle, FileAccess access)
    {
        var parts = handle.Split('/');
        if (parts.Length != 3 || !IsNumber(parts[0]) || !IsNumber(parts[1]))
        {
            throw new ArgumentException($"'{handle}' is not the handle of shared memory on Linux.", nameof(handle));
        }

        var link = $"/proc/{parts[0]}/fd/{parts[1]}";
        SafeFileHandle? file = null;
        try
        {
            // Looked at before opening, because opening whatever a reused descriptor is may have effects; and after, because it may change between.
            if (ReadsAs(link, parts[2]))
            {
                file = File.OpenHandle(link, FileMode.Open, access, FileShare.ReadWrite | FileShare.Delete);
                if (ReadsAs($"/proc/self/fd/{file.DangerousGetHandle()}", parts[2]))
                {
                    return file;
                }
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            file?.Dispose();
            throw Gone(parts[0], e);
        }

        file?.Dispose();
        throw Gone(parts[0], null);
    }

    // Not by parsing: that brings the cultures with it, which a worker may never need.
    private static bool IsNumber(string text) => text.Length is > 0 and < 11 && !text.AsSpan().ContainsAnyExceptInRange('0', '9');

    private static bool ReadsAs(string link, string label) =>
        new FileInfo(link).LinkTarget?.Contains("/memfd:" + label, StringComparison.Ordinal) == true;

    private static InvalidOperationException Gone(string processId, Exception? cause) => new(
        $"The shared memory of process {processId} cannot be attached: that process has disposed it, has exited, or runs as another user. " +
        "Keep the creator alive and undisposed while others use what it shares.",
        cause);

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int memfd_create(string name, uint flags);
}
