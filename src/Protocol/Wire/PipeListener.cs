using System.IO.Pipes;
using System.Net.Sockets;
using System.Runtime.Versioning;
using Microsoft.Win32.SafeHandles;

namespace MultiProc.Protocol.Wire;

/// <summary>
/// The listening end of a named pipe. On Unix, where a pipe is a socket file, the file has mode 0600 whatever the umask
/// is, from before the first client can connect. A client of another user is rejected without affecting later ones. One
/// thread at a time may accept.
/// </summary>
internal sealed class PipeListener : IDisposable
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private readonly string _path;
    private readonly bool _isForMany;
    private readonly Socket? _socket;
    private NamedPipeServerStream? _next;

    private PipeListener(string path, bool isForMany, Socket? socket, NamedPipeServerStream? next)
    {
        _path = path;
        _isForMany = isForMany;
        _socket = socket;
        _next = next;
    }

    /// <summary>Creates the pipe and listens. Fails if the name is taken, so no other process can own it.</summary>
    /// <param name="path">On Unix the path of the socket file, on Windows the name of the pipe.</param>
    /// <param name="isForMany">Whether several clients can be connected at the same time.</param>
    /// <exception cref="IOException">The pipe cannot be created.</exception>
    /// <exception cref="UnauthorizedAccessException">This user may not create it.</exception>
    public static PipeListener Open(string path, bool isForMany)
    {
        if (OperatingSystem.IsWindows())
        {
            return new PipeListener(path, isForMany, null, PipeEndpoint.CreateInstance(path, isForMany, isFirst: true));
        }

        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        var isBound = false;
        try
        {
            LimitMode(socket);
            socket.Bind(new UnixDomainSocketEndPoint(path));
            isBound = true;

            // Before any client can connect, which requires a listener.
            File.SetUnixFileMode(path, OwnerOnly);
            socket.Listen();
            return new PipeListener(path, isForMany, socket, null);
        }
        catch (Exception exception)
        {
            socket.Dispose();
            if (isBound)
            {
                File.Delete(path);
            }

            throw exception is SocketException refused ? Failure(path, refused) : exception;
        }
    }

    /// <summary>Waits for the next client of this user. Cancelling leaves the pipe open.</summary>
    /// <param name="onRejected">Receives the reason why a client was rejected, for the log.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <exception cref="SocketException">
    /// The system has no resources for the connection, such as descriptors. Accepting can be tried again.
    /// </exception>
    /// <exception cref="ObjectDisposedException">The listener was disposed.</exception>
    public Task<NamedPipeServerStream> AcceptAsync(Action<string> onRejected, CancellationToken cancellationToken) =>
        OperatingSystem.IsWindows() ? AcceptInstanceAsync(cancellationToken) : AcceptSocketAsync(onRejected, cancellationToken);

    /// <summary>Stops listening and removes the name. Connections that were accepted stay.</summary>
    public void Dispose()
    {
        // The file is removed first: a name without a listener would look like the leftover of a killed host.
        PipeEndpoint.Unlink(_path);
        _socket?.Dispose();
        _next?.Dispose();
    }

    private async Task<NamedPipeServerStream> AcceptInstanceAsync(CancellationToken cancellationToken)
    {
        _next ??= PipeEndpoint.CreateInstance(_path, _isForMany, isFirst: false);
        await _next.WaitForConnectionAsync(cancellationToken).ConfigureAwait(false);
        var connected = _next;

        // The next instance listens before this one is served: the name always exists.
        _next = null;
        _next = _isForMany ? PipeEndpoint.CreateInstance(_path, _isForMany, isFirst: false) : null;
        return connected;
    }

    [UnsupportedOSPlatform("windows")]
    private async Task<NamedPipeServerStream> AcceptSocketAsync(Action<string> onRejected, CancellationToken cancellationToken)
    {
        while (true)
        {
            Socket client;
            try
            {
                client = await _socket!.AcceptAsync(cancellationToken).ConfigureAwait(false);
            }
            catch (SocketException exception) when (exception.SocketErrorCode is SocketError.ConnectionAborted or SocketError.ConnectionReset)
            {
                // The client has disconnected before it was accepted.
                continue;
            }

            catch (SocketException exception) when (exception.SocketErrorCode == SocketError.OperationAborted)
            {
                throw new ObjectDisposedException(nameof(PipeListener), exception);
            }

            if (PeerUser.Rejection(client) is { } reason)
            {
                client.Dispose();
                onRejected(reason);
                continue;
            }

            return PipeEndpoint.Wrap(client);
        }
    }

    // Linux gives the file the mode of the unbound socket, minus the umask, so the file never has a wider mode.
    // Elsewhere the mode is set after binding.
    [UnsupportedOSPlatform("windows")]
    private static void LimitMode(Socket socket)
    {
        if (OperatingSystem.IsLinux())
        {
            using var file = new SafeFileHandle(socket.Handle, ownsHandle: false);
            File.SetUnixFileMode(file, OwnerOnly);
        }
    }

    private static Exception Failure(string path, SocketException exception) => exception.SocketErrorCode == SocketError.AccessDenied
        ? new UnauthorizedAccessException($"The pipe {path} cannot be created: {exception.Message}.", exception)
        : new IOException($"The pipe {path} cannot be created: {exception.Message}.", exception);
}
