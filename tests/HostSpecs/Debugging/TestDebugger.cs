using System.Diagnostics;
using System.Globalization;

namespace MultiProc.HostSpecs.Debugging;

/// <summary>A debugger that is attached to a process: MultiProc.TestDebugger, which does what an IDE's does. Ending it without detaching is its crash.</summary>
internal sealed class TestDebugger : IDisposable
{
    private static readonly TimeSpan MaxWait = TimeSpan.FromSeconds(60);

    private readonly Process _process;
    private readonly Task<string> _error;

    private TestDebugger(int processId, string? temporary)
    {
        var start = new ProcessStartInfo("dotnet")
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.ArgumentList.Add("exec");
        start.ArgumentList.Add(Built.Debugger);
        start.ArgumentList.Add(processId.ToString(CultureInfo.InvariantCulture));

        // It may be killed: it must leave no files of its own.
        start.Environment["DOTNET_EnableDiagnostics"] = "0";
        if (temporary is not null)
        {
            start.Environment["TMPDIR"] = temporary;
        }

        _process = Process.Start(start)!;
        _error = _process.StandardError.ReadToEndAsync();
    }

    /// <summary>Why it cannot be used here; null when it can.</summary>
    public static string? Obstacle =>
        !OperatingSystem.IsLinux() ? "The test debugger knows Linux only."
        : System.Runtime.InteropServices.RuntimeInformation.ProcessArchitecture != System.Runtime.InteropServices.Architecture.X64 ? "The test debugger has been tried on x64 only."
        : null;

    /// <summary>Attaches, and leaves the process stopped.</summary>
    /// <param name="processId">The process.</param>
    /// <param name="temporary">Its temporary directory; null: that of this process.</param>
    public static async Task<TestDebugger> AttachAsync(int processId, string? temporary = null)
    {
        Assert.SkipWhen(Obstacle is not null, Obstacle ?? "");
        var debugger = new TestDebugger(processId, temporary);
        try
        {
            await debugger.ExpectAsync("attached");
            return debugger;
        }
        catch
        {
            debugger.Dispose();
            throw;
        }
    }

    /// <summary>Sets the breakpoint of <see cref="Debugged"/> and lets the process run into it.</summary>
    public async Task RunToBreakpointAsync()
    {
        var line = Debugged.LineOf(Debugged.BreakLine);
        Assert.Equal("break set", await AskAsync($"break {Debugged.FileName} {line}"));
        Assert.Equal("running", await AskAsync("go"));
        var stop = await AskAsync("wait");
        Assert.StartsWith("stopped breakpoint MultiProc.HostSpecs.Debugging.Debugged.Step(Int32 step, String label) in ", stop, StringComparison.Ordinal);
        Assert.EndsWith($"{Debugged.FileName}:line {line}", stop, StringComparison.Ordinal);
    }

    public async Task<string> AskAsync(string command)
    {
        await _process.StandardInput.WriteLineAsync(command);
        await _process.StandardInput.FlushAsync();
        return await ReadAsync();
    }

    public async Task DetachAsync()
    {
        Assert.Equal("detached", await AskAsync("detach"));
        await _process.WaitForExitAsync().WaitAsync(MaxWait);
    }

    /// <summary>It crashes; what it debugs stays stopped.</summary>
    public async Task CrashAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync().WaitAsync(MaxWait);
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
            _process.WaitForExit();
        }

        _process.StandardInput.Dispose();
        _process.StandardOutput.Dispose();
        _process.StandardError.Dispose();
        _process.Dispose();
    }

    private async Task ExpectAsync(string answer) => Assert.Equal(answer, await ReadAsync());

    private async Task<string> ReadAsync()
    {
        var line = await _process.StandardOutput.ReadLineAsync().WaitAsync(MaxWait);
        return line ?? throw new InvalidOperationException("The debugger has ended: " + await _error.WaitAsync(MaxWait));
    }
}
