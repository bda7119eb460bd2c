namespace MultiProc.Unit.Wire;

/// <summary>Brings bytes in small pieces, as a pipe may, and keeps what is written.</summary>
internal sealed class TrickleStream(byte[] bytes, int most = int.MaxValue) : Stream
{
    private readonly MemoryStream _input = new(bytes);
    private readonly MemoryStream _output = new();

    public byte[] Written => _output.ToArray();

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override int Read(byte[] buffer, int offset, int count) => _input.Read(buffer, offset, Math.Min(count, most));

    public override void Write(byte[] buffer, int offset, int count) => _output.Write(buffer, offset, count);

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();
}
