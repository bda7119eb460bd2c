using System.Diagnostics;
using System.Globalization;

namespace MultiProc.Specs.Kit;

/// <summary>A host of a pool in a process of its own, busy with a scenario; see MultiProc.SpecHost.</summary>
internal sealed class HostProcess : IDisposable
{
    private static readonly TimeSpan MaxWait = TimeSpan.FromSeconds(30);

    private readonly Scratch _temporary = new();
    private readonly Process _process;
    private readonly List<(int Id, string Start)> _others = [];

    private HostProcess(string scenario)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!.EndsWith("dotnet", StringComparison.Ordinal) ? Environment.ProcessPath : "dotnet")
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.ArgumentList.Add("exec");
        start.ArgumentList.Add(typeof(SpecHost.Scenarios).Assembly.Location);
        start.ArgumentList.Add(scenario);

        // Nobody tidies up behind a process that is killed: what the runtime leaves is left here.
        start.Environment["TMPDIR"] = _temporary.Path;
        _process = Process.Start(start)!;
    }

    public int Id => _process.Id;

    /// <summary>Its temporary directory.</summary>
    public string TemporaryFolder => _temporary.Path;

    /// <summary>The workers, and what they have started.</summary>
    public IReadOnlyList<int> Others => [.. _others.Select(static other => other.Id)];

    public int ExitCode => _process.ExitCode;

    /// <summary>Starts it and waits until its workers are as busy as the scenario has it.</summary>
    public static async Task<HostProcess> StartAsync(string scenario, int busyWorkers = 2)
    {
        var host = new HostProcess(scenario);
        try
        {
            var (ready, busy) = (false, 0);
            while (!ready || busy < busyWorkers)
            {
                var line = await host._process.StandardOutput.ReadLineAsync().WaitAsync(MaxWait);
                Assert.False(line is null, "The host has ended.");
                ready |= line == "ready";
                busy += line == "busy" ? 1 : 0;
                if (line!.StartsWith("process ", StringComparison.Ordinal))
                {
                    var other = int.Parse(line["process ".Length..], CultureInfo.InvariantCulture);
                    host._others.Add((other, ProcessTable.StartOf(other)));
                }
            }

            return host;
        }
        catch
        {
            host.Dispose();
            throw;
        }
    }

    /// <summary>The next thing it says; null when it has ended.</summary>
    public Task<string?> ReadLineAsync() => _process.StandardOutput.ReadLineAsync().WaitAsync(MaxWait);

    /// <summary>Tells it to end in the way of its scenario.</summary>
    public void Continue() => _process.StandardInput.WriteLine();

    public void Kill() => Posix.Signal(Id, Posix.Kill);

    public Task WaitForExitAsync() => _process.WaitForExitAsync().WaitAsync(MaxWait);

    /// <summary>Ends when nobody holds the host's standard output any more.</summary>
    public Task ReadToEndAsync() => _process.StandardOutput.ReadToEndAsync().WaitAsync(MaxWait);

    /// <summary>What it has written to standard error, once it has ended.</summary>
    public Task<string> ReadErrorsAsync() => _process.StandardError.ReadToEndAsync().WaitAsync(MaxWait);

    public void Dispose()
    {
        // Most have ended long ago, and their numbers may be those of other specs' processes, or threads, by now.
        var left = _others.Where(static other => other.Start.Length > 0 && ProcessTable.StartOf(other.Id) == other.Start).Select(static other => other.Id);
        foreach (var process in ProcessTable.Below(Id).Union(left))
        {
            Posix.Signal(process, Posix.Kill);
        }

        _process.Kill();
        _process.WaitForExit();
        _process.StandardInput.Dispose();
        _process.StandardOutput.Dispose();
        _process.StandardError.Dispose();
        _process.Dispose();
        _temporary.Dispose();
    }
}
