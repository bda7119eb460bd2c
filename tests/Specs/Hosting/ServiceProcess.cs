using System.Diagnostics;
using System.Net.Http.Json;

namespace MultiProc.Specs.Hosting;

/// <summary>The sample service, listening on a port of this machine.</summary>
internal sealed class ServiceProcess : IDisposable
{
    private const string Listening = "Now listening on: ";

    private static readonly TimeSpan MaxWait = TimeSpan.FromSeconds(45);

    private readonly Scratch _temporary = new();
    private readonly Process _process;

    private ServiceProcess()
    {
        var start = new ProcessStartInfo("dotnet", ["exec", Built.RiskyService, "--urls", "http://127.0.0.1:0"])
        {
            WorkingDirectory = Path.GetDirectoryName(Built.RiskyService),
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };

        // Nobody tidies up behind a worker that is killed: what the runtime leaves is left here.
        start.Environment["TMPDIR"] = _temporary.Path;
        _process = Process.Start(start)!;
        _ = _process.StandardError.ReadToEndAsync();
    }

    public HttpClient Client { get; private set; } = null!;

    public int Id => _process.Id;

    public static async Task<ServiceProcess> StartAsync()
    {
        var service = new ServiceProcess();
        try
        {
            while (true)
            {
                var line = await service._process.StandardOutput.ReadLineAsync().WaitAsync(MaxWait);
                Assert.False(line is null, "The service has ended.");
                if (line!.IndexOf(Listening, StringComparison.Ordinal) is var at and >= 0)
                {
                    service.Client = new HttpClient { BaseAddress = new Uri(line[(at + Listening.Length)..].Trim()), Timeout = MaxWait };
                    _ = service._process.StandardOutput.ReadToEndAsync();
                    return service;
                }
            }
        }
        catch
        {
            service.Dispose();
            throw;
        }
    }

    public async Task<int[]> WorkersAsync() => await Client.GetFromJsonAsync<int[]>("workers") ?? [];

    /// <summary>Asks it to shut down.</summary>
    /// <returns>Its exit code.</returns>
    public async Task<int> StopAsync()
    {
        Posix.Signal(Id, Posix.Terminate);
        await _process.WaitForExitAsync().WaitAsync(MaxWait);
        return _process.ExitCode;
    }

    public void Dispose()
    {
        Client?.Dispose();
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
            _process.WaitForExit();
        }

        // The process does not close what somebody reads.
        _process.StandardOutput.Dispose();
        _process.StandardError.Dispose();
        _process.Dispose();
        _temporary.Dispose();
    }
}
