using System.Diagnostics;
using System.Globalization;

namespace MultiProc.Benchmarks.Peers;

/// <summary>A pool of another language, in a process that answers each line with the seconds it took.</summary>
internal sealed class ScriptPeer : IDisposable
{
    private readonly Process _process;

    private ScriptPeer(Process process) => _process = process;

    /// <summary>Python's pools; null when there is no Python.</summary>
    public static ScriptPeer? Python() => Start("python3", [Script("peers.py")]);

    /// <summary>Node's pools; null when there is no Node, or the packages cannot be installed.</summary>
    public static ScriptPeer? Node() => NodeModules.Folder.Value is { } folder ? Start("node", [Script("peers.cjs"), folder]) : null;

    /// <summary>Runs a command; the seconds it took by the peer's own clock.</summary>
    public async Task<double> SecondsAsync(string command) => double.Parse(await AskAsync(command), CultureInfo.InvariantCulture);

    public async Task<string> AskAsync(string command)
    {
        await _process.StandardInput.WriteLineAsync(command);
        return await _process.StandardOutput.ReadLineAsync() ?? throw new InvalidOperationException($"{_process.StartInfo.FileName} ended at '{command}'.");
    }

    public void Dispose()
    {
        _process.StandardInput.Dispose();
        if (!_process.WaitForExit(TimeSpan.FromSeconds(2)))
        {
            _process.Kill(entireProcessTree: true);
        }

        _process.Dispose();
    }

    private static string Script(string name) => Path.Combine(AppContext.BaseDirectory, name);

    private static ScriptPeer? Start(string program, IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardInput = true, RedirectStandardOutput = true };
        if (NodeModules.Folder.IsValueCreated)
        {
            start.Environment["PEER_MODULES"] = NodeModules.Folder.Value;
        }

        try
        {
            return new ScriptPeer(Process.Start(start)!);
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return null;
        }
    }
}
