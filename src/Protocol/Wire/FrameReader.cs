using System.Buffers.Binary;

namespace MultiProc.Protocol.Wire;

/// <summary>Reads frames from a stream, blocking. Each has a header: its length and its number, in four bytes each, big-endian.</summary>
/// <param name="stream">Where they come from.</param>
/// <param name="maxFrame">The longest that is accepted. Null: the other side is the host, which is trusted; then <see cref="MaxFrame"/>.</param>
internal sealed class FrameReader(Stream stream, int? maxFrame = null)
{
    public const int HeaderLength = 8;

    public const int NumberOffset = 4;

    /// <summary>The longest frame: what one array can hold.</summary>
    public static readonly int MaxFrame = Array.MaxLength;

    /// <summary>The longest frame of a worker. What is longer comes in parts.</summary>
    public const int MaxWorkerFrame = 1 << 26;

    private const int MaxRetainedBuffer = 1 << 20;
    private const int FirstRead = 1 << 16;

    // Of who is trusted. Memory that is not touched costs nothing but addresses.
    private const int MaxPreallocated = 1 << 26;

    private readonly int _maxFrame = maxFrame ?? MaxFrame;
    private readonly bool _isTrusted = maxFrame is null;
    private readonly byte[] _header = new byte[HeaderLength];
    private byte[] _buffer = new byte[FirstRead];
    private uint _number;

    /// <summary>Reads the next frame. What is returned stays valid until the next call.</summary>
    /// <returns>False at the end of the stream.</returns>
    /// <exception cref="InvalidDataException">The length is impossible, or the frame is not the one that is due: it came before, or others are missing.</exception>
    /// <exception cref="EndOfStreamException">The stream ended inside a frame.</exception>
    public bool TryRead(out ReadOnlyMemory<byte> frame)
    {
        frame = default;
        var got = stream.ReadAtLeast(_header, _header.Length, throwOnEndOfStream: false);
        if (got == 0)
        {
            return false;
        }

        if (got < _header.Length)
        {
            throw new EndOfStreamException("The pipe ended inside a frame's header.");
        }

        var length = BinaryPrimitives.ReadInt32BigEndian(_header);
        if (length < 0 || length > _maxFrame)
        {
            throw new InvalidDataException($"A frame claims {(uint)length} bytes; at most {_maxFrame} are possible.");
        }

        var number = BinaryPrimitives.ReadUInt32BigEndian(_header.AsSpan(NumberOffset));
        if (number != _number)
        {
            throw new InvalidDataException($"Frame {number} came where frame {_number} was due: it was sent again, or others are missing.");
        }

        _number++;
        if (_buffer.Length > MaxRetainedBuffer && length <= MaxRetainedBuffer)
        {
            _buffer = new byte[FirstRead];
        }

        if (_isTrusted && length > _buffer.Length && length <= MaxPreallocated)
        {
            _buffer = GC.AllocateUninitializedArray<byte>(length);
        }

        Fill(length);
        frame = _buffer.AsMemory(0, length);
        return true;
    }

    /// <summary>The frame that was read last, to be kept: it stays valid.</summary>
    public ReadOnlyMemory<byte> Keep(ReadOnlyMemory<byte> frame)
    {
        if (frame.Length <= FirstRead)
        {
            return frame.ToArray();
        }

        _buffer = new byte[FirstRead];
        return frame;
    }

    // The buffer grows with what has arrived, not by the claim alone.
    private void Fill(int length)
    {
        var filled = 0;
        while (filled < length)
        {
            if (filled == _buffer.Length)
            {
                var larger = GC.AllocateUninitializedArray<byte>((int)Math.Min(length, 2L * _buffer.Length));
                _buffer.AsSpan(0, filled).CopyTo(larger);
                _buffer = larger;
            }

            var want = Math.Min(length, _buffer.Length) - filled;
            var got = stream.Read(_buffer, filled, want);
            if (got == 0)
            {
                throw new EndOfStreamException($"The pipe ended after {filled} of a frame's {length} bytes.");
            }

            filled += got;
        }
    }
}
