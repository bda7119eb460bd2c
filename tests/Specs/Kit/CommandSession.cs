using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json;

namespace MultiProc.Specs.Kit;

/// <summary>
/// The program <c>multiproc</c>, started once, that runs one command line after another: with the program's own entry point, its own standard streams,
/// and workers in processes as ever. Most of what a command costs is the start of the program and the compilation of its code.
/// </summary>
public sealed class CommandSession : IAsyncLifetime
{
    private static readonly TimeSpan MaxWait = TimeSpan.FromSeconds(45);
    private static readonly TimeSpan Leave = TimeSpan.FromSeconds(2);

    private readonly SemaphoreSlim _free = new(1);
    private Process _process = null!;

    /// <summary>The session of these specs; null where they have none, and each command is a process.</summary>
    public static CommandSession? Current { get; private set; }

    public ValueTask InitializeAsync()
    {
        // The hook works with descriptors as Linux has them.
        if (OperatingSystem.IsLinux())
        {
            var start = new ProcessStartInfo(Built.Multiproc)
            {
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            };
            start.Environment["DOTNET_STARTUP_HOOKS"] = typeof(SpecHost.Scenarios).Assembly.Location;
            _process = Process.Start(start)!;
            Current = this;
        }

        return default;
    }

    public async ValueTask DisposeAsync()
    {
        if (Current is null)
        {
            return;
        }

        Current = null;
        _process.StandardInput.Close();
        await _process.WaitForExitAsync().WaitAsync(MaxWait);
        Assert.Equal(0, _process.ExitCode);
        _process.Dispose();
        _free.Dispose();
    }

    /// <summary>Runs a command line to its end, and until no worker of it is left.</summary>
    internal async Task<Ended> RunAsync(string[] arguments, string? temporary = null, string? input = null)
    {
        using var scratch = new Scratch();
        var inputPath = "/dev/null";
        if (!string.IsNullOrEmpty(input))
        {
            inputPath = scratch.Mark("input").Path;
            await File.WriteAllTextAsync(inputPath, input);
        }

        using var own = new Scratch();
        var mark = $"\0end of {Guid.NewGuid()}: ";
        Assert.True(await _free.WaitAsync(MaxWait), "Another command is still running.");
        try
        {
            await _process.StandardInput.WriteLineAsync(
                JsonSerializer.Serialize(new { Arguments = arguments, Temporary = temporary ?? own.Path, Input = inputPath, Mark = mark }));
            await _process.StandardInput.FlushAsync();
            var (reading, readingErrors) = (ToMarkAsync(_process.StandardOutput, mark), ToMarkAsync(_process.StandardError, mark));
            var (output, exitCode) = await reading.WaitAsync(MaxWait);
            var (error, _) = await readingErrors.WaitAsync(MaxWait);
            await Eventually.TrueWithinAsync(Leave, () => ProcessTable.Below(_process.Id).Count == 0);
            return new Ended(exitCode, output, error);
        }
        finally
        {
            _free.Release();
        }
    }

    private static async Task<(string Text, int ExitCode)> ToMarkAsync(StreamReader stream, string mark)
    {
        var text = new StringBuilder();
        var buffer = new char[4_096];
        while (true)
        {
            var read = await stream.ReadAsync(buffer);
            Assert.True(read > 0, $"The program has ended during a command. It wrote: {text}");
            text.Append(buffer, 0, read);
            if (buffer[read - 1] == '\n' && text.ToString() is var all && all.LastIndexOf(mark, StringComparison.Ordinal) is var at and >= 0)
            {
                return (all[..at], int.Parse(all.AsSpan(at + mark.Length).Trim(), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture));
            }
        }
    }
}
