using System.Net.Sockets;
using System.Text;

namespace MultiProc.Attacks.Doors;

/// <summary>Something of the same user that listens where a pool would, and says the same to whoever comes.</summary>
internal sealed class Poser : IDisposable
{
    private readonly Socket _socket = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
    private readonly List<Socket> _clients = [];
    private readonly string _path;
    private readonly Task _serving;

    /// <param name="temporary">The temporary directory of those who will look.</param>
    /// <param name="answer">What it says; empty: nothing.</param>
    /// <param name="process">The process that it poses as.</param>
    public Poser(string temporary, string answer, int process = 4711)
    {
        var directory = Path.Combine(temporary, $"multiproc-{Environment.UserName}");
        if (!OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(directory, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }

        _path = Path.Combine(directory, $"{process}-1-abcdef");
        _socket.Bind(new UnixDomainSocketEndPoint(_path));
        _socket.Listen();
        _serving = Task.Run(() => ServeAsync(answer));
    }

    /// <summary>A message whose answer to any first request is that text.</summary>
    public static string Result(string json)
    {
        var body = $$"""{"jsonrpc":"2.0","id":2,"result":{{json}}}""";
        return $"Content-Length: {Encoding.UTF8.GetByteCount(body)}\r\n\r\n{body}";
    }

    public void Dispose()
    {
        _socket.Dispose();
        _serving.Wait();
        _clients.ForEach(static client => client.Dispose());
        File.Delete(_path);
    }

    private async Task ServeAsync(string answer)
    {
        try
        {
            while (true)
            {
                var client = await _socket.AcceptAsync();
                _clients.Add(client);
                if (answer.Length > 0)
                {
                    await client.ReceiveAsync(new byte[4_096]);
                    await client.SendAsync(Encoding.UTF8.GetBytes(answer));
                }
            }
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            // It is over.
        }
    }
}
