using System.Diagnostics;
using System.Globalization;

namespace MultiProc.HostSpecs.Control;

/// <summary>A terminal that nobody sits at: what is on it can be looked at, it can be typed at, and resized. It is tmux's.</summary>
internal sealed class Terminal : IDisposable
{
    private readonly Scratch _folder = new();

    private Terminal()
    {
    }

    /// <summary>Whether tmux is here.</summary>
    public static bool IsAvailable { get; } =
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Any(static folder => File.Exists(Path.Combine(folder, "tmux")));

    public string[] Lines => Look().Split('\n');

    /// <summary>Opens one, and runs a command in it whose exit code is shown when it ends.</summary>
    public static Terminal Run(int width, int height, string temporary, string command)
    {
        var terminal = new Terminal();
        terminal.Tmux(
            "-f", "/dev/null", "new-session", "-d", "-x", $"{width}", "-y", $"{height}",
            $"echo before; env TMPDIR={temporary} {command}; echo exit $?; exec sleep 1000");
        return terminal;
    }

    /// <summary>What is on it, as text; with <paramref name="withStyles"/> also the sequences that colour it.</summary>
    public string Look(bool withStyles = false) => withStyles ? Tmux("capture-pane", "-p", "-e") : Tmux("capture-pane", "-p");

    public Task ShowsAsync(string text) => Eventually.TrueAsync(() => Look().Contains(text, StringComparison.Ordinal), $"the terminal shows '{text}'");

    public void Type(string keys) => Tmux("send-keys", keys);

    public void Resize(int width, int height) => Tmux("resize-window", "-x", width.ToString(CultureInfo.InvariantCulture), "-y", height.ToString(CultureInfo.InvariantCulture));

    public void Dispose()
    {
        Tmux("kill-server");
        _folder.Dispose();
    }

    private string Tmux(params string[] arguments)
    {
        using var tmux = Process.Start(new ProcessStartInfo("tmux", ["-S", Path.Combine(_folder.Path, "s"), .. arguments]) { RedirectStandardOutput = true })!;
        using var output = tmux.StandardOutput;
        var text = output.ReadToEnd();
        tmux.WaitForExit();
        return text;
    }
}
