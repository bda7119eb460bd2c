using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using System.IO.Pipes;
using System.Net.Sockets;
using System.Runtime.Versioning;
using System.Security.Cryptography;
using Microsoft.Win32.SafeHandles;

namespace MultiProc.Protocol.Wire;

/// <summary>The factory for both ends of named pipes, of workers and for control. No other code opens them.</summary>
internal static class PipeEndpoint
{
    // A Unix socket path may have 107 bytes (103 on macOS), its terminating zero not counted.
    private const int MaxPathLength = 103;

    private static readonly TimeSpan ConnectPause = TimeSpan.FromMilliseconds(50);

    /// <summary>Creates a short name that nobody can guess.</summary>
    public static string CreateName()
    {
        var name = "mp-" + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(12));
        if (OperatingSystem.IsWindows())
        {
            return name;
        }

        // A rooted name is used as the path of the socket. With a long TMPDIR it would not fit.
        var path = Path.Combine(Path.GetTempPath(), name);
        return System.Text.Encoding.UTF8.GetByteCount(path) <= MaxPathLength ? path : Path.Combine("/tmp", name);
    }

    /// <summary>Creates one more instance of a pipe, which waits for a client of this user. On Windows.</summary>
    public static NamedPipeServerStream CreateInstance(string name, bool isForMany, bool isFirst) =>
        new(name, PipeDirection.InOut, isForMany ? NamedPipeServerStream.MaxAllowedServerInstances : 1, PipeTransmissionMode.Byte,
            PipeOptions.Asynchronous | PipeOptions.CurrentUserOnly | (isFirst ? PipeOptions.FirstPipeInstance : PipeOptions.None));

    /// <summary>Wraps a connected socket as a pipe, which then owns it. On Unix.</summary>
    public static NamedPipeServerStream Wrap(Socket socket)
    {
        var handle = new SafePipeHandle(socket.Handle, ownsHandle: true);
        socket.SafeHandle.SetHandleAsInvalid();
        return new NamedPipeServerStream(PipeDirection.InOut, isAsync: true, isConnected: true, handle);
    }

    /// <summary>
    /// Connects the worker's end, for synchronous reads and writes. Rejects a server that belongs to another user.
    /// </summary>
    /// <exception cref="IOException">There is no listener.</exception>
    /// <exception cref="TimeoutException">
    /// The server did not accept in time. This does not happen where a pipe is a socket: the host listens before it
    /// starts a worker.
    /// </exception>
    /// <exception cref="UnauthorizedAccessException">The pipe is not this user's.</exception>
    public static Stream ConnectWorker(string name, TimeSpan timeout) => OperatingSystem.IsLinux() ? SocketFile.Connect(name) : ConnectElsewhere(name, timeout);

    /// <summary>Connects a client's end of a control pipe. Rejects a server that belongs to another user.</summary>
    /// <param name="path">On Unix the path of the socket file, on Windows the name of the pipe.</param>
    /// <param name="timeout">
    /// The time limit for a server whose backlog is full, as that of a stopped server may be.
    /// </param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <exception cref="IOException">There is no listener.</exception>
    /// <exception cref="TimeoutException">The server did not accept the connection in time.</exception>
    /// <exception cref="UnauthorizedAccessException">The pipe is not this user's.</exception>
    public static async Task<Stream> ConnectAsync(string path, TimeSpan timeout, CancellationToken cancellationToken)
    {
        if (!OperatingSystem.IsWindows())
        {
            return await ConnectSocketAsync(path, timeout, cancellationToken).ConfigureAwait(false);
        }

        var pipe = CreateClient(path);
        try
        {
            await pipe.ConnectAsync(timeout, cancellationToken).ConfigureAwait(false);
            return pipe;
        }
        catch
        {
            await pipe.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    [SuppressMessage("Performance", "CA1859", Justification = "A signature that names the framework's client would load it, also where this is not called.")]
    private static Stream ConnectElsewhere(string name, TimeSpan timeout)
    {
        var pipe = CreateClient(name);
        try
        {
            pipe.Connect(timeout);
            return pipe;
        }
        catch
        {
            pipe.Dispose();
            throw;
        }
    }

    private static NamedPipeClientStream CreateClient(string name) =>
        new(".", name, PipeDirection.InOut, PipeOptions.Asynchronous | PipeOptions.CurrentUserOnly);

    // The framework's client of named pipes blocks a thread while a stopped server's backlog is full.
    [UnsupportedOSPlatform("windows")]
    private static async Task<Stream> ConnectSocketAsync(string path, TimeSpan timeout, CancellationToken cancellationToken)
    {
        var began = Stopwatch.GetTimestamp();
        while (true)
        {
            var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            try
            {
                await socket.ConnectAsync(new UnixDomainSocketEndPoint(path), cancellationToken).ConfigureAwait(false);
                return PeerUser.Rejection(socket) is { } reason
                    ? throw new UnauthorizedAccessException($"The pipe {path} is not used: {reason}.")
                    : new NetworkStream(socket, ownsSocket: true);
            }
            catch (SocketException exception)
            {
                socket.Dispose();
                if (exception.SocketErrorCode is not (SocketError.WouldBlock or SocketError.TryAgain))
                {
                    throw exception.SocketErrorCode == SocketError.AccessDenied
                        ? new UnauthorizedAccessException($"The pipe {path} is not used: {exception.Message}.", exception)
                        : new IOException($"Nobody listens at {path}: {exception.Message}.", exception);
                }
            }
            catch
            {
                socket.Dispose();
                throw;
            }

            if (Stopwatch.GetElapsedTime(began) >= timeout)
            {
                throw new TimeoutException($"The process that listens at {path} does not take connections.");
            }

            await Task.Delay(ConnectPause, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>
    /// Removes the name. Once the worker is connected nobody else may find it, and it must not be left behind if the
    /// host is killed.
    /// </summary>
    public static void Unlink(string name)
    {
        if (!OperatingSystem.IsWindows())
        {
            try
            {
                File.Delete(name);
            }
            catch (DirectoryNotFoundException)
            {
                // The directory was removed, and the name with it.
            }
        }
    }
}
