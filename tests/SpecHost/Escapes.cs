using System.Diagnostics;
using System.Globalization;

namespace MultiProc.SpecHost;

/// <summary>Processes that a worker starts and that leave it: a session of their own, a parent that is gone, and nothing open that the worker has.</summary>
public static class Escapes
{
    /// <summary>With the worker's environment.</summary>
    public static int Start() => StartBy("setsid");

    /// <summary>With nothing in its environment.</summary>
    public static int StartWithoutEnvironment() => StartBy("env -i setsid");

    private static int StartBy(string command)
    {
        var file = Path.Combine(Path.GetTempPath(), "escaped-" + Guid.NewGuid());
        using (var shell = Process.Start("/bin/sh", ["-c", $"{command} sh -c 'echo $$ > {file}.new; mv {file}.new {file}; exec sleep 1000' < /dev/null > /dev/null 2>&1 &"]))
        {
            shell.WaitForExit();
        }

        while (!File.Exists(file))
        {
            Thread.Sleep(2);
        }

        var process = int.Parse(File.ReadAllText(file), CultureInfo.InvariantCulture);
        File.Delete(file);
        return process;
    }
}
