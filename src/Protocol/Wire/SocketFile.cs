using System.ComponentModel;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace MultiProc.Protocol.Wire;

/// <summary>
/// A connection to a named pipe, which is a socket on Linux, opened as a file. The framework's own client of named
/// pipes uses its sockets, whose events and tracing take a tenth of a worker's start.
/// </summary>
[SupportedOSPlatform("linux")]
internal static partial class SocketFile
{
    private const ushort UnixFamily = 1;
    private const int StreamType = 1;
    private const int CloseOnExec = 0x80000;
    private const int SocketLevel = 1;
    private const int PeerCredentials = 17;
    private const int PathLength = 108;

    /// <exception cref="IOException">There is no listener.</exception>
    /// <exception cref="UnauthorizedAccessException">The listener is another user.</exception>
    public static FileStream Connect(string path)
    {
        var descriptor = socket(UnixFamily, StreamType | CloseOnExec, 0);
        if (descriptor < 0)
        {
            throw Failure("create a socket");
        }

        var file = new SafeFileHandle(descriptor, ownsHandle: true);
        try
        {
            var address = new byte[sizeof(ushort) + PathLength];
            BitConverter.TryWriteBytes(address, UnixFamily);
            Encoding.UTF8.GetBytes(path).CopyTo(address, sizeof(ushort));
            if (connect(file, address, address.Length) != 0)
            {
                throw Failure($"connect to {path}");
            }

            var length = Unsafe.SizeOf<Credentials>();
            if (getsockopt(file, SocketLevel, PeerCredentials, out var peer, ref length) != 0)
            {
                throw Failure($"learn who listens at {path}");
            }

            return peer.User == geteuid()
                ? new FileStream(file, FileAccess.ReadWrite, bufferSize: 0)
                : throw new UnauthorizedAccessException($"{path} belongs to another user (user id {peer.User}).");
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    private static IOException Failure(string what) => new($"Could not {what}: {new Win32Exception(Marshal.GetLastPInvokeError()).Message}.");

    [LibraryImport("libc", SetLastError = true)]
    private static partial int socket(int family, int type, int protocol);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int connect(SafeFileHandle socket, byte[] address, int length);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int getsockopt(SafeFileHandle socket, int level, int option, out Credentials value, ref int length);

    [LibraryImport("libc")]
    private static partial uint geteuid();

    [StructLayout(LayoutKind.Sequential)]
    private struct Credentials
    {
        public int Process;
        public uint User;
        public uint Group;
    }
}
