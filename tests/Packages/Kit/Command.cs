using System.Diagnostics;

namespace MultiProc.Packages.Kit;

/// <summary>A program, run to its end.</summary>
internal static class Command
{
    private static readonly TimeSpan MaxWait = TimeSpan.FromMinutes(8);

    /// <summary>What it printed; the spec fails when it fails.</summary>
    public static async Task<string> RunAsync(string program, IEnumerable<string> arguments, string? directory = null, IDictionary<string, string?>? environment = null)
    {
        arguments = [.. arguments];
        var (exitCode, output, error) = await EndAsync(program, arguments, directory, environment);
        Assert.True(exitCode == 0, $"{program} {string.Join(' ', arguments)}: exit code {exitCode}\n{output}\n{error}");
        return output;
    }

    /// <summary>How it ended, and what it printed.</summary>
    public static async Task<(int ExitCode, string Output, string Error)> EndAsync(
        string program, IEnumerable<string> arguments, string? directory = null, IDictionary<string, string?>? environment = null)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = directory ?? "",
        };
        foreach (var (name, value) in environment ?? new Dictionary<string, string?>())
        {
            start.Environment[name] = value;
        }

        // A build must not leave servers behind, nor be told by the environment of these tests how to build.
        start.Environment["MSBUILDDISABLENODEREUSE"] = "1";
        start.Environment["DOTNET_CLI_USE_MSBUILD_SERVER"] = "0";
        using var process = Process.Start(start)!;
        process.StandardInput.Close();
        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEndAsync();
        try
        {
            await process.WaitForExitAsync().WaitAsync(MaxWait);
        }
        finally
        {
            process.Kill(entireProcessTree: true);
        }

        return (process.ExitCode, (await output).ReplaceLineEndings("\n"), await error);
    }
}
