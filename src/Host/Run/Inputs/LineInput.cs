using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using MultiProc.Host.Functions;

namespace MultiProc.Host.Run.Inputs;

/// <summary>The lines of a file or of standard input, each of them JSON; empty ones are skipped but counted.</summary>
internal sealed class LineInput : IInput
{
    private readonly string? _path;
    private readonly StreamReader _reader;

    private LineInput(string? path, Stream stream)
    {
        _path = path;
        _reader = new StreamReader(stream, Encoding.UTF8, detectEncodingFromByteOrderMarks: true, bufferSize: 1 << 16);
    }

    /// <exception cref="InvalidCallException">The file cannot be read.</exception>
    public static LineInput Open(string path)
    {
        try
        {
            return path == "-" ? new LineInput(null, Console.OpenStandardInput()) : new LineInput(path, File.OpenRead(path));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new InvalidCallException($"The input cannot be read: {exception.Message} Give a file of JSON lines, or - for standard input.", exception);
        }
    }

    public async IAsyncEnumerable<InputItem> ReadAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        for (var number = 1L; await ReadLineAsync(cancellationToken).ConfigureAwait(false) is { } line; number++)
        {
            if (!string.IsNullOrWhiteSpace(line))
            {
                yield return new InputItem(number, line);
            }
        }
    }

    public Task<long?> CountAsync(CancellationToken cancellationToken) =>
        _path is null ? Task.FromResult<long?>(null) : LineCount.OfAsync(_path, (byte)'\n', countsEmpty: false, cancellationToken);

    public string Identity => _path is null ? "-" : Path.GetFullPath(_path);

    public string Place(InputItem item) => string.Create(CultureInfo.InvariantCulture, $"line {item.Number}");

    public string Label(InputItem item) => $"{Place(item)}: {JsonText.Quoted(item.Text)}";

    public void Dispose() => _reader.Dispose();

    private ValueTask<string?> ReadLineAsync(CancellationToken cancellationToken)
    {
        // A read of a terminal or pipe cannot be called back: on cancellation it is left behind.
        var read = _reader.ReadLineAsync(cancellationToken);
        return read.IsCompleted ? read : new ValueTask<string?>(read.AsTask().WaitAsync(cancellationToken));
    }
}
