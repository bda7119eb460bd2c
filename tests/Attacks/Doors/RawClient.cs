using System.Globalization;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;

namespace MultiProc.Attacks.Doors;

/// <summary>A client of a control pipe that writes whatever bytes it likes.</summary>
internal sealed class RawClient : IDisposable
{
    private static readonly TimeSpan MaxWait = TimeSpan.FromSeconds(60);

    private readonly Socket _socket = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
    private readonly List<byte> _received = [];

    private RawClient(string path) => _socket.Connect(new UnixDomainSocketEndPoint(path));

    public static RawClient To(ProcessPool pool) =>
        To(Path.Combine(Path.GetTempPath(), $"multiproc-{Environment.UserName}", pool.Describe().Address));

    public static RawClient To(string path) => new(path);

    public static byte[] Framed(string json) => [.. Encoding.ASCII.GetBytes($"Content-Length: {Encoding.UTF8.GetByteCount(json)}\r\n\r\n"), .. Encoding.UTF8.GetBytes(json)];

    public Task SendAsync(string json) => SendBytesAsync(Framed(json));

    public async Task SendBytesAsync(ReadOnlyMemory<byte> bytes) => await _socket.SendAsync(bytes).AsTask().WaitAsync(MaxWait);

    /// <summary>Sends until the other side does not take any more for a moment, or hangs up.</summary>
    /// <returns>How many bytes it has taken.</returns>
    public async Task<long> FloodAsync(byte[] block, long most)
    {
        var sent = 0L;
        while (sent < most)
        {
            try
            {
                using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(1));
                sent += await _socket.SendAsync(block, limit.Token);
            }
            catch (Exception exception) when (exception is SocketException or OperationCanceledException)
            {
                return sent;
            }
        }

        return sent;
    }

    /// <summary>The next message; null: the connection has ended.</summary>
    public async Task<JsonElement?> ReadAsync()
    {
        while (true)
        {
            var text = Encoding.Latin1.GetString([.. _received]);
            var end = text.IndexOf("\r\n\r\n", StringComparison.Ordinal);
            if (end >= 0)
            {
                var length = int.Parse(text.AsSpan("Content-Length: ".Length, text.IndexOf('\r', StringComparison.Ordinal) - "Content-Length: ".Length), CultureInfo.InvariantCulture);
                if (_received.Count >= end + 4 + length)
                {
                    var body = Encoding.UTF8.GetString([.. _received.Skip(end + 4).Take(length)]);
                    _received.RemoveRange(0, end + 4 + length);
                    return JsonElement.Parse(body);
                }
            }

            var block = new byte[65_536];
            int count;
            try
            {
                count = await _socket.ReceiveAsync(block).WaitAsync(MaxWait);
            }
            catch (SocketException)
            {
                return null;
            }

            if (count == 0)
            {
                return null;
            }

            _received.AddRange(block.AsSpan(0, count));
        }
    }

    /// <summary>The code of the error that comes next, and the id that it belongs to.</summary>
    public async Task<(int Code, string Id)> ReadErrorAsync()
    {
        var message = await ReadAsync() ?? throw new InvalidOperationException("The connection has ended.");
        return (message.GetProperty("error").GetProperty("code").GetInt32(), message.GetProperty("id").GetRawText());
    }

    public void Dispose() => _socket.Dispose();
}
