using System.Text;
using Microsoft.Win32.SafeHandles;
using MultiProc.Host.Functions;

namespace MultiProc.Host.Run;

/// <summary>Where results go, one line each. When nothing more can be written, the rest of the run is pointless: <see cref="Gone"/> says so.</summary>
internal sealed class ResultOutput : IDisposable
{
    private const int BufferSize = 1 << 16;
    private const int BrokenPipeErrno = 32;
    private const int BrokenPipe = unchecked((int)0x8007006D);
    private const int NoData = unchecked((int)0x800700E8);

    private readonly CancellationTokenSource _gone = new();
    private readonly StreamWriter _writer;
    private readonly Action<string> _write;

    private ResultOutput(Stream stream, Action<string>? screen, string terminator, long? end = null, bool isTerminal = false)
    {
        End = end;
        _writer = new StreamWriter(stream, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), BufferSize) { NewLine = terminator };
        var write = screen ?? _writer.WriteLine;
        _write = isTerminal ? text => write(string.Join('\n', text.Split('\n').Select(TerminalText.WithColors))) : write;
    }

    /// <summary>Cancelled when the reader has gone (such as <c>head</c>), or writing failed.</summary>
    public CancellationToken Gone => _gone.Token;

    /// <summary>Why writing failed; null when it did not, or when the reader only had enough.</summary>
    public IOException? Failure { get; private set; }

    /// <summary>How long the file is with what was written, in bytes; null: it is not an ordinary file.</summary>
    public long? End { get; private set; }

    /// <param name="path">The file, which is overwritten; null: standard output.</param>
    /// <param name="screen">How to write to standard output instead, when it is a screen with more on it; null: directly.</param>
    /// <param name="terminator">What stands behind each result.</param>
    /// <param name="keep">How many bytes of the file are results already, and stay; null: none.</param>
    /// <exception cref="InvalidCallException">The file cannot be written.</exception>
    public static ResultOutput Open(string? path, Action<string>? screen, string terminator = "\n", long? keep = null)
    {
        if (path is null)
        {
            return new ResultOutput(StandardOutput(), screen, terminator, isTerminal: !Console.IsOutputRedirected);
        }

        try
        {
            var mode = keep is null ? FileMode.Create : FileMode.OpenOrCreate;
            var file = new FileStream(path, mode, FileAccess.Write, FileShare.Read, bufferSize: 0);
            return new ResultOutput(file, screen: null, terminator, file.CanSeek ? KeepOnly(file, keep ?? 0) : null);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new InvalidCallException($"The output cannot be written: {exception.Message} Give another file, or - for standard output.", exception);
        }
    }

    public void Write(string line)
    {
        Try(() => _write(line));
        End += Encoding.UTF8.GetByteCount(line) + 1;
    }

    public void Flush() => Try(_writer.Flush);

    public void Dispose()
    {
        Try(_writer.Dispose);
        _gone.Dispose();
    }

    // What lies behind was written just before the run was killed, and not logged: its jobs are run again.
    private static long KeepOnly(FileStream file, long length)
    {
        if (file.Length < length)
        {
            throw new IOException($"{file.Name} has {file.Length} bytes, and {length} were logged as written. Delete it and the job log to begin again.");
        }

        if (file.Length > length)
        {
            file.SetLength(length);
        }

        file.Position = length;
        return length;
    }

    // The console's own stream says nothing when the reader of a pipe has gone, and would have us compute for nobody. But a file that others append to
    // must be left to it: a file stream writes at its own position and does not move the shared one.
    private static Stream StandardOutput()
    {
        if (!OperatingSystem.IsWindows())
        {
            var direct = new FileStream(new SafeFileHandle(1, ownsHandle: false), FileAccess.Write, bufferSize: 0);
            if (!direct.CanSeek)
            {
                return direct;
            }
        }

        return Console.OpenStandardOutput();
    }

    private void Try(Action write)
    {
        if (_gone.IsCancellationRequested)
        {
            return;
        }

        try
        {
            write();
        }
        catch (IOException exception)
        {
            Failure = IsReaderGone(exception) ? null : exception;
            _gone.Cancel();
        }
    }

    private static bool IsReaderGone(IOException exception) =>
        OperatingSystem.IsWindows() ? exception.HResult is BrokenPipe or NoData : exception.HResult == BrokenPipeErrno;
}
