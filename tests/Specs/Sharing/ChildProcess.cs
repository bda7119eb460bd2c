using System.Diagnostics;
using System.Globalization;

namespace MultiProc.Specs.Sharing;

/// <summary>A process that does one thing with shared objects. Gone, by SIGKILL if need be, when disposed.</summary>
internal sealed class ChildProcess : IDisposable
{
    private static readonly TimeSpan MaxWait = TimeSpan.FromSeconds(30);

    private readonly Process _process;

    private ChildProcess(Process process) => _process = process;

    public static ChildProcess Start(string verb, params object[] arguments)
    {
        var start = new ProcessStartInfo(Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet")
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        start.ArgumentList.Add("exec");
        start.ArgumentList.Add(typeof(SharedStateChild.SharedHandle).Assembly.Location);
        start.ArgumentList.Add(verb);
        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(Convert.ToString(argument, CultureInfo.InvariantCulture)!);
        }

        return new ChildProcess(Process.Start(start)!);
    }

    public static ChildProcess[] Start(int count, string verb, params object[] arguments) =>
        [.. Enumerable.Range(0, count).Select(_ => Start(verb, arguments))];

    /// <summary>Its next line; null when it has ended.</summary>
    public async Task<string?> ReadAsync() => await _process.StandardOutput.ReadLineAsync().WaitAsync(MaxWait);

    /// <summary>Its next lines.</summary>
    public async Task<List<string>> ReadAsync(int count)
    {
        var lines = new List<string>();
        while (lines.Count < count)
        {
            lines.Add(await ReadAsync() ?? throw new InvalidOperationException($"The process ended after {lines.Count} lines."));
        }

        return lines;
    }

    /// <summary>Waits until it says this next.</summary>
    public async Task ExpectAsync(string line) => Assert.Equal(line, await ReadAsync());

    /// <summary>Everything it says until it ends.</summary>
    public async Task<List<string>> ReadToEndAsync()
    {
        var lines = new List<string>();
        while (await ReadAsync() is { } line)
        {
            lines.Add(line);
        }

        return lines;
    }

    /// <summary>Lets it go on.</summary>
    public void Continue() => _process.StandardInput.WriteLine();

    /// <summary>SIGKILL, and waits until it is gone.</summary>
    public void Kill()
    {
        _process.Kill();
        Assert.True(_process.WaitForExit(MaxWait), "The process did not end when it was killed.");
    }

    public void WaitForExit() => Assert.True(_process.WaitForExit(MaxWait), "The process did not end in time.");

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
            _process.WaitForExit();
        }

        // The process does not close what somebody reads.
        _process.StandardInput.Dispose();
        _process.StandardOutput.Dispose();
        _process.Dispose();
    }
}
