using System.Buffers;
using System.Globalization;
using System.IO.Pipelines;
using System.Runtime.CompilerServices;
using System.Text;
using MultiProc.Host.Functions;

namespace MultiProc.Host.Run.Inputs;

/// <summary>The lines of a file or of standard input as text, empty ones too; or what stands between NUL characters, as <c>find -print0</c> writes it.</summary>
internal sealed class TextInput : IInput
{
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private readonly string? _path;
    private readonly byte _terminator;
    private readonly Stream _stream;

    private TextInput(string? path, Stream stream, bool isNullTerminated) =>
        (_path, _stream, _terminator) = (path, stream, isNullTerminated ? (byte)0 : (byte)'\n');

    /// <exception cref="InvalidCallException">The file cannot be read.</exception>
    public static TextInput Open(string path, bool isNullTerminated)
    {
        try
        {
            return path == "-" ? new TextInput(null, Console.OpenStandardInput(), isNullTerminated) : new TextInput(path, File.OpenRead(path), isNullTerminated);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new InvalidCallException($"The input cannot be read: {exception.Message} Give a text file, or - for standard input.", exception);
        }
    }

    public async IAsyncEnumerable<InputItem> ReadAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var reader = PipeReader.Create(_stream, new StreamPipeReaderOptions(leaveOpen: true));
        for (var number = 1L; await ReadItemAsync(reader, number, cancellationToken).ConfigureAwait(false) is { } text; number++)
        {
            yield return new InputItem(number, text);
        }
    }

    public async Task<long?> CountAsync(CancellationToken cancellationToken) =>
        _path is null ? null : await LineCount.OfAsync(_path, _terminator, countsEmpty: true, cancellationToken).ConfigureAwait(false);

    public string Identity => _path is null ? "-" : Path.GetFullPath(_path);

    public string Place(InputItem item) => Place(item.Number);

    public string Label(InputItem item) => $"{Place(item)}: {JsonText.Quoted(item.Text)}";

    public void Dispose() => _stream.Dispose();

    private string Place(long number) => string.Create(CultureInfo.InvariantCulture, $"{(_terminator == 0 ? "item" : "line")} {number}");

    private async Task<string?> ReadItemAsync(PipeReader reader, long number, CancellationToken cancellationToken)
    {
        while (true)
        {
            // A read of a terminal or pipe cannot be called back: on cancellation it is left behind.
            var read = reader.ReadAsync(cancellationToken);
            var result = read.IsCompleted ? await read.ConfigureAwait(false) : await read.AsTask().WaitAsync(cancellationToken).ConfigureAwait(false);
            var buffer = result.Buffer;
            if (buffer.PositionOf(_terminator) is { } end)
            {
                var text = Text(buffer.Slice(0, end), number);
                reader.AdvanceTo(buffer.GetPosition(1, end));
                return text;
            }

            if (result.IsCompleted)
            {
                var rest = buffer.IsEmpty ? null : Text(buffer, number);
                reader.AdvanceTo(buffer.End);
                return rest;
            }

            reader.AdvanceTo(buffer.Start, buffer.End);
        }
    }

    private string Text(ReadOnlySequence<byte> bytes, long number)
    {
        try
        {
            var text = Strict.GetString(bytes);
            text = number == 1 ? text.TrimStart('\uFEFF') : text;
            return _terminator == '\n' && text.EndsWith('\r') ? text[..^1] : text;
        }
        catch (DecoderFallbackException exception)
        {
            throw new InvalidCallException($"{Place(number)} of the input is not UTF-8. Convert the input, for example with iconv.", exception);
        }
    }
}
