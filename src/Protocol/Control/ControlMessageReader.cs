using System.Globalization;
using System.Text;

namespace MultiProc.Protocol.Control;

/// <summary>
/// The reader that splits the input of a control pipe into messages: a header of <c>Name: value</c> lines, an empty
/// line, and as many bytes as <c>Content-Length</c> says. Each byte of a header is examined once, and memory grows with
/// the bytes that have arrived, whatever a header announces. Not thread-safe.
/// </summary>
internal sealed class ControlMessageReader(Stream stream, ControlBudget budget) : IDisposable
{
    private const int BufferLength = 16_384;
    private const int FirstBodyLength = 65_536;

    private readonly byte[] _buffer = new byte[BufferLength];
    private CancellationTokenSource _limit = new();
    private int _start;
    private int _end;

    /// <summary>Reads the next message. Its bytes are taken from the budget; the caller gives them back.</summary>
    /// <returns>The bytes after its header, in an array of their own; null at the end of the stream.</returns>
    /// <exception cref="ControlFramingException">The input is not a message, or exceeds a limit.</exception>
    /// <exception cref="IOException">The connection has broken.</exception>
    public async ValueTask<byte[]?> ReadAsync(CancellationToken cancellationToken) =>
        await ReadHeaderAsync(cancellationToken).ConfigureAwait(false) is { } length ? await ReadBodyAsync(length, cancellationToken).ConfigureAwait(false) : null;

    public void Dispose() => _limit.Dispose();

    private async ValueTask<int?> ReadHeaderAsync(CancellationToken cancellationToken)
    {
        // A message may be buffered already. If not, the first byte of the next one may take any time.
        if (_start == _end && !await FillAsync(Timeout.InfiniteTimeSpan, "", cancellationToken).ConfigureAwait(false))
        {
            return null;
        }

        var deadline = Environment.TickCount64 + (long)ControlLimits.HeaderTimeout.TotalMilliseconds;
        var (lines, header, lineStart, at) = (0, 0, _start, _start);
        int? length = null;
        while (true)
        {
            for (; at < _end; at++)
            {
                if (_buffer[at] != '\n')
                {
                    continue;
                }

                var line = _buffer.AsSpan(lineStart..at).TrimEnd((byte)'\r');
                header += at + 1 - lineStart;
                if (line.IsEmpty)
                {
                    _start = at + 1;
                    return length ?? throw Broken("The header of a message has no Content-Length.");
                }

                if (++lines > ControlLimits.MaxHeaderLines)
                {
                    throw Broken($"The header of a message has more than {ControlLimits.MaxHeaderLines} lines.");
                }

                Read(line, ref length);
                lineStart = at + 1;
            }

            if (header + _end - lineStart > ControlLimits.MaxHeaderBytes)
            {
                throw Broken($"The header of a message has more than {ControlLimits.MaxHeaderBytes} bytes.");
            }

            // The part of this line that has been read moves to the beginning of the buffer, which has space for a
            // whole header.
            _buffer.AsSpan(lineStart.._end).CopyTo(_buffer);
            (_end, at, lineStart, _start) = (_end - lineStart, at - lineStart, 0, 0);
            var left = TimeSpan.FromMilliseconds(Math.Max(1, deadline - Environment.TickCount64));
            if (!await FillAsync(left, $"The header of a message took longer than {ControlLimits.HeaderTimeout.TotalSeconds:0} seconds.", cancellationToken).ConfigureAwait(false))
            {
                throw new IOException("The connection ended within the header of a message.");
            }
        }
    }

    private async ValueTask<byte[]> ReadBodyAsync(int length, CancellationToken cancellationToken)
    {
        var body = Allocate(Math.Min(length, Math.Max(FirstBodyLength, _end - _start)), held: 0);
        var count = Math.Min(length, _end - _start);
        _buffer.AsSpan(_start, count).CopyTo(body);
        _start += count;
        try
        {
            while (count < length)
            {
                if (count == body.Length)
                {
                    var larger = Allocate((int)Math.Min(length, 2L * body.Length), held: body.Length);
                    body.CopyTo(larger, 0);
                    body = larger;
                }

                var read = await LimitedAsync(
                    body.AsMemory(count), ControlLimits.BodyTimeout,
                    $"A message stood still in its middle for {ControlLimits.BodyTimeout.TotalSeconds:0} seconds.", cancellationToken).ConfigureAwait(false);
                count += read > 0 ? read : throw new IOException("The connection ended within a message.");
            }

            return body;
        }
        catch
        {
            budget.Return(body.Length);
            throw;
        }
    }

    private byte[] Allocate(int length, int held) => budget.TryTake(length - held)
        ? new byte[length]
        : throw new ControlFramingException(
            ControlErrorCode.InvalidRequest, $"The connections of this pool hold more than {ControlLimits.MaxBytesOfPool} bytes of requests and answers.");

    private async ValueTask<bool> FillAsync(TimeSpan timeout, string onTimeout, CancellationToken cancellationToken)
    {
        if (_start == _end)
        {
            (_start, _end) = (0, 0);
        }

        var read = await LimitedAsync(_buffer.AsMemory(_end), timeout, onTimeout, cancellationToken).ConfigureAwait(false);
        _end += read;
        return read > 0;
    }

    private async ValueTask<int> LimitedAsync(Memory<byte> into, TimeSpan timeout, string onTimeout, CancellationToken cancellationToken)
    {
        if (timeout == Timeout.InfiniteTimeSpan)
        {
            return await stream.ReadAsync(into, cancellationToken).ConfigureAwait(false);
        }

        if (!_limit.TryReset())
        {
            _limit.Dispose();
            _limit = new CancellationTokenSource();
        }

        var limit = _limit;
        limit.CancelAfter(timeout);
        try
        {
            using var both = cancellationToken.UnsafeRegister(static source => ((CancellationTokenSource)source!).Cancel(), limit);
            return await stream.ReadAsync(into, limit.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw Broken(onTimeout);
        }
    }

    private static void Read(ReadOnlySpan<byte> line, ref int? length)
    {
        var text = Encoding.Latin1.GetString(line);
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        var name = colon < 0 ? throw Broken("A line of a message's header has no colon.") : text[..colon].Trim();
        var value = text[(colon + 1)..].Trim();
        if (name.Equals("Content-Length", StringComparison.OrdinalIgnoreCase))
        {
            if (length is not null || !long.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
            {
                throw Broken("The header of a message must have one Content-Length, a number of bytes.");
            }

            length = number <= ControlLimits.MaxMessageBytes
                ? (int)number
                : throw Broken(string.Create(CultureInfo.InvariantCulture, $"A message of {number} bytes is announced. The largest has {ControlLimits.MaxMessageBytes}."));
        }
        else if (name.Equals("Content-Type", StringComparison.OrdinalIgnoreCase)
            && value.IndexOf("charset=", StringComparison.OrdinalIgnoreCase) is >= 0 and var at
            && value[(at + "charset=".Length)..].Split(';')[0].Trim(' ', '"') is var charset
            && !charset.Equals("utf-8", StringComparison.OrdinalIgnoreCase) && !charset.Equals("utf8", StringComparison.OrdinalIgnoreCase))
        {
            throw Broken("The text of messages is UTF-8; another charset was announced.");
        }
    }

    private static ControlFramingException Broken(string message) => new(ControlErrorCode.InvalidRequest, message);
}
