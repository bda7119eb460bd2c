using System.Diagnostics;
using System.Text;

namespace MultiProc.Host.Replay;

/// <summary>Runs a worker program to its end, and prints what it prints so that it is safe on a terminal. The only place of the command that starts processes itself.</summary>
internal static class WorkerProgram
{
    private const int SignalBase = 128;
    private const int MaxLineLength = 65_536;

    // What the program has started may hold its output open for as long as it likes.
    private static readonly TimeSpan OutputTimeout = TimeSpan.FromSeconds(2);

    /// <param name="start">The program.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>The exit code; above 128 the number of a signal is added to it.</returns>
    /// <exception cref="IOException">It cannot be started.</exception>
    public static async Task<int> RunAsync(ProcessStartInfo start, CancellationToken cancellationToken)
    {
        start.RedirectStandardOutput = true;
        start.RedirectStandardError = true;
        try
        {
            using var process = Process.Start(start) ?? throw new IOException($"{start.FileName} was not started.");
            using var output = process.StandardOutput;
            using var errors = process.StandardError;
            var printed = Task.WhenAll(PrintAsync(output, Console.Out), PrintAsync(errors, Console.Error));
            using var ending = cancellationToken.UnsafeRegister(static process => ((Process)process!).Kill(entireProcessTree: true), process);
            await process.WaitForExitAsync(CancellationToken.None).ConfigureAwait(false);
            await printed.WaitAsync(OutputTimeout, CancellationToken.None).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            cancellationToken.ThrowIfCancellationRequested();
            return process.ExitCode;
        }
        catch (System.ComponentModel.Win32Exception exception)
        {
            throw new IOException($"{start.FileName} cannot be started as it was when the call was recorded: {exception.Message}", exception);
        }
    }

    /// <summary>The signal that ended it; null: none did.</summary>
    public static int? SignalOf(int exitCode) => exitCode > SignalBase && !OperatingSystem.IsWindows() ? exitCode - SignalBase : null;

    // Line by line, for an escape sequence is judged as a whole; a very long line in pieces.
    private static async Task PrintAsync(StreamReader from, TextWriter to)
    {
        var letters = new char[4_096];
        var line = new StringBuilder();
        try
        {
            while (await from.ReadAsync(letters).ConfigureAwait(false) is > 0 and var count)
            {
                for (var i = 0; i < count; i++)
                {
                    if (letters[i] != '\n')
                    {
                        line.Append(letters[i]);
                    }

                    if (letters[i] == '\n' || line.Length == MaxLineLength)
                    {
                        await to.WriteLineAsync(TerminalText.WithColors(line.ToString())).ConfigureAwait(false);
                        line.Clear();
                    }
                }
            }
        }
        catch (Exception exception) when (exception is IOException or ObjectDisposedException)
        {
            // The program has ended, and this command goes on.
        }

        if (line.Length > 0)
        {
            await to.WriteLineAsync(TerminalText.WithColors(line.ToString())).ConfigureAwait(false);
        }
    }
}
