using System.Diagnostics.CodeAnalysis;
using System.IO.Pipes;
using System.Security.Cryptography;

namespace MultiProc.Protocol.Wire;

/// <summary>Both ends of named pipes, workers' and control: the only place that opens them.</summary>
internal static class PipeEndpoint
{
    // A Unix socket path may have 107 bytes (103 on macOS), its terminating zero not counted.
    private const int LongestPath = 103;

    /// <summary>A short name that nobody can guess.</summary>
    public static string CreateName()
    {
        var name = "mp-" + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(12));
        if (OperatingSystem.IsWindows())
        {
            return name;
        }

        // A rooted name is used as the socket's path as it is. A long TMPDIR would not fit.
        var path = Path.Combine(Path.GetTempPath(), name);
        return System.Text.Encoding.UTF8.GetByteCount(path) <= LongestPath ? path : Path.Combine("/tmp", name);
    }

    /// <summary>The host's end. Fails if the name is taken, so nobody can be there first.</summary>
    public static NamedPipeServerStream Listen(string name) =>
        new(name, PipeDirection.InOut, 1, PipeTransmissionMode.Byte,
            PipeOptions.Asynchronous | PipeOptions.CurrentUserOnly | PipeOptions.FirstPipeInstance);

    /// <summary>The pool's end of a control pipe, for one more client; the first one fails if the name is taken.</summary>
    public static NamedPipeServerStream ListenForControl(string path, bool isFirst) =>
        new(path, PipeDirection.InOut, NamedPipeServerStream.MaxAllowedServerInstances, PipeTransmissionMode.Byte,
            PipeOptions.Asynchronous | PipeOptions.CurrentUserOnly | (isFirst ? PipeOptions.FirstPipeInstance : PipeOptions.None));

    /// <summary>The worker's end: to be read and written synchronously. Refuses a server that belongs to another user.</summary>
    /// <exception cref="IOException">Nobody listens there.</exception>
    /// <exception cref="TimeoutException">Not where a pipe is a socket: the host listens before it starts a worker.</exception>
    /// <exception cref="UnauthorizedAccessException">It is not this user's.</exception>
    public static Stream ConnectWorker(string name, TimeSpan timeout) => OperatingSystem.IsLinux() ? SocketFile.Connect(name) : ConnectElsewhere(name, timeout);

    /// <summary>A client's end. Refuses a server that belongs to another user.</summary>
    public static NamedPipeClientStream Connect(string name, TimeSpan timeout)
    {
        var pipe = new NamedPipeClientStream(".", name, PipeDirection.InOut, PipeOptions.Asynchronous | PipeOptions.CurrentUserOnly);
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

    [SuppressMessage("Performance", "CA1859", Justification = "A signature that names the framework's client would load it, also where this is not called.")]
    private static Stream ConnectElsewhere(string name, TimeSpan timeout) => Connect(name, timeout);

    /// <summary>Once the worker is connected nobody else may find the name, and nothing must be left behind if the host is killed.</summary>
    public static void Unlink(string name)
    {
        if (!OperatingSystem.IsWindows())
        {
            File.Delete(name);
        }
    }
}
