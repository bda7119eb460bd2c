using System.Globalization;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;

namespace MultiProc.Protocol.Wire;

/// <summary>The user at the other end of a socket, on Unix.</summary>
[UnsupportedOSPlatform("windows")]
internal static partial class PeerUser
{
    private const int SocketLevel = 1;
    private const int PeerCredentials = 17;
    private const int CredentialsLength = 12;
    private const int UserOffset = 4;

    /// <summary>
    /// The reason why the other end must be rejected: it belongs to another user, or its user cannot be determined.
    /// Null: it is this user.
    /// </summary>
    public static string? Rejection(Socket socket) => Of(socket) switch
    {
        { } user when user == geteuid() => null,
        { } user => string.Create(CultureInfo.InvariantCulture, $"it belongs to another user (user id {user})"),
        null => "its user could not be determined",
    };

    private static uint? Of(Socket socket)
    {
        if (OperatingSystem.IsLinux())
        {
            Span<byte> credentials = stackalloc byte[CredentialsLength];
            try
            {
                return socket.GetRawSocketOption(SocketLevel, PeerCredentials, credentials) == CredentialsLength
                    ? BitConverter.ToUInt32(credentials[UserOffset..])
                    : null;
            }
            catch (SocketException)
            {
                return null;
            }
        }

        return getpeereid(socket.SafeHandle, out var user, out _) == 0 ? user : null;
    }

    [LibraryImport("libc")]
    private static partial uint geteuid();

    [LibraryImport("libc")]
    private static partial int getpeereid(SafeHandle socket, out uint user, out uint group);
}
