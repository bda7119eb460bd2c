using System.Buffers.Binary;

namespace MultiProc.Protocol.Wire;

/// <summary>
/// A blocking reader of frames from a stream. Each frame has a header with its length and its number, four bytes each,
/// big-endian.
/// </summary>
/// <param name="stream">The stream.</param>
/// <param name="maxFrame">
/// The maximum length of a frame. Null: the other side is the trusted host, and <see cref="MaxFrame"/> applies.
/// </param>
internal sealed class FrameReader(Stream stream, int? maxFrame = null)
{
    public const int HeaderLength = 8;

    public const int NumberOffset = 4;

    /// <summary>The maximum length of a frame: that of an array.</summary>
    public static readonly int MaxFrame = Array.MaxLength;

    /// <summary>The maximum length of a worker's frame. Longer bodies come in parts.</summary>
    public const int MaxWorkerFrame = 1 << 26;

    private const int MaxRetainedBuffer = 1 << 20;
    private const int FirstRead = 1 << 16;

    // The maximum length that is allocated in advance for a trusted sender. Memory that is not touched costs only
    // addresses.
    private const int MaxPreallocated = 1 << 26;

    private readonly int _maxFrame = maxFrame ?? MaxFrame;
    private readonly bool _isTrusted = maxFrame is null;
    private readonly byte[] _header = new byte[HeaderLength];
    private byte[] _buffer = new byte[FirstRead];
    private uint _number;

    /// <summary>Reads the next frame, which is valid until the next call.</summary>
    /// <returns>False at the end of the stream.</returns>
    /// <exception cref="InvalidDataException">
    /// The length is impossible, or the frame has another number than the next: it was repeated, or others are missing.
    /// </exception>
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

    /// <summary>Makes the last frame permanent.</summary>
    public ReadOnlyMemory<byte> Keep(ReadOnlyMemory<byte> frame)
    {
        if (frame.Length <= FirstRead)
        {
            return frame.ToArray();
        }

        _buffer = new byte[FirstRead];
        return frame;
    }

    // The buffer grows with the bytes that have arrived, and not by the announced length alone.
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
