using System.Buffers.Binary;
using System.Net.Sockets;
using System.Text;

namespace MultiProc.Workers;

/// <summary>
/// The diagnostic port of a .NET process: the socket at which its runtime serves diagnostic tools (the "IPC protocol"
/// of dotnet/diagnostics). Unix only.
/// </summary>
internal static class DiagnosticPort
{
    private const int HeaderLength = 20;
    private const byte DumpCommands = 1;
    private const byte CreateCoreDump = 1;
    private const byte Succeeded = 0;

    private static ReadOnlySpan<byte> Magic => "DOTNET_IPC_V1\0"u8;

    /// <summary>Has a process write its memory to a file.</summary>
    /// <param name="directory">The process's directory for temporary files.</param>
    /// <param name="processId">The process id.</param>
    /// <param name="path">The path of the file.</param>
    /// <param name="kind">
    /// 1: threads and stacks; 2: also the managed heap; 3: without what may be private; 4: everything.
    /// </param>
    /// <param name="cancellationToken">Stops waiting. The process may go on writing.</param>
    /// <exception cref="IOException">The process does not listen, or could not write the file.</exception>
    public static async Task WriteDumpAsync(string directory, int processId, string path, int kind, CancellationToken cancellationToken)
    {
        var address = Directory.EnumerateFiles(directory, $"dotnet-diagnostic-{processId}-*-socket").FirstOrDefault()
            ?? throw new IOException($"its runtime does not listen to diagnostic tools (there is no dotnet-diagnostic-{processId}-*-socket in {directory})");
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(address), cancellationToken).ConfigureAwait(false);
            await socket.SendAsync(Request(path, kind), cancellationToken).ConfigureAwait(false);
            var answer = new byte[HeaderLength];
            for (var length = 0; length < answer.Length;)
            {
                var read = await socket.ReceiveAsync(answer.AsMemory(length), cancellationToken).ConfigureAwait(false);
                length += read > 0 ? read : throw new IOException("its runtime hung up");
            }

            if (!answer.AsSpan().StartsWith(Magic) || answer[Magic.Length + 3] != Succeeded)
            {
                throw new IOException($"its runtime could not write {path}");
            }
        }
        catch (SocketException exception)
        {
            throw new IOException($"its runtime does not answer diagnostic tools: {exception.Message}", exception);
        }
    }

    // A string is written as its length in UTF-16 characters, including the final zero, and the characters. Numbers are
    // little-endian.
    private static byte[] Request(string path, int kind)
    {
        var text = Encoding.Unicode.GetBytes(path + '\0');
        var request = new byte[HeaderLength + sizeof(int) + text.Length + (2 * sizeof(int))];
        Magic.CopyTo(request);
        BinaryPrimitives.WriteUInt16LittleEndian(request.AsSpan(Magic.Length), (ushort)request.Length);
        request[Magic.Length + 2] = DumpCommands;
        request[Magic.Length + 3] = CreateCoreDump;
        var payload = request.AsSpan(HeaderLength);
        BinaryPrimitives.WriteInt32LittleEndian(payload, path.Length + 1);
        text.CopyTo(payload[sizeof(int)..]);
        BinaryPrimitives.WriteInt32LittleEndian(payload[(sizeof(int) + text.Length)..], kind);
        return request;
    }
}
