using System.Diagnostics;
using System.Globalization;

namespace MultiProc.Attacks.Doors;

/// <summary>A process of another user that is let past the modes of files, as a careless umask would: only who it is can keep it out.</summary>
internal static class Stranger
{
    public const int User = 65_534;

    private const string Knocking = """
        import glob, socket, sys, time
        met = 0
        end = time.time() + float(sys.argv[2])
        while time.time() < end and met < int(sys.argv[3]):
            for path in glob.glob(sys.argv[1]):
                knock = socket.socket(socket.AF_UNIX)
                knock.settimeout(2)
                try:
                    knock.connect(path)
                    knock.sendall(b'Content-Length: 56\r\n\r\n{"jsonrpc":"2.0","id":1,"method":"pool/info","params":{}}')
                    if knock.recv(1) == b'':
                        met += 1
                    else:
                        print("answered", flush=True)
                except OSError:
                    met += 1 if knock.fileno() >= 0 else 0
                knock.close()
            time.sleep(0.001)
        print("met", met, flush=True)
        """;

    /// <summary>Why there can be none here; null: there can.</summary>
    public static string? Obstacle { get; } = FindObstacle();

    /// <summary>Connects to whatever fits a pattern, for so long or until it has been turned away so often, and says what came of it.</summary>
    public static async Task<string> KnockAsync(string pattern, TimeSpan time, int times)
    {
        using var process = Process.Start(Start(
            "python3", "-c", Knocking, pattern, time.TotalSeconds.ToString(CultureInfo.InvariantCulture), times.ToString(CultureInfo.InvariantCulture)))!;
        using var output = process.StandardOutput;
        var text = await output.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return text;
    }

    private static ProcessStartInfo Start(params string[] command) =>
        new("setpriv", [$"--reuid={User}", $"--regid={User}", "--clear-groups", "--inh-caps=+dac_override", "--ambient-caps=+dac_override", .. command])
        {
            RedirectStandardOutput = true,
        };

    private static string? FindObstacle()
    {
        if (!OperatingSystem.IsLinux() || Environment.UserName != "root")
        {
            return "Only root can be another user for a test.";
        }

        try
        {
            using var process = Process.Start(Start("python3", "-c", "import os; print(os.geteuid())"))!;
            using var output = process.StandardOutput;
            var user = output.ReadToEnd().Trim();
            process.WaitForExit();
            return user == User.ToString(CultureInfo.InvariantCulture) ? null : "setpriv, or python3, does not do here what is needed of it.";
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return "There is no setpriv here.";
        }
    }
}
