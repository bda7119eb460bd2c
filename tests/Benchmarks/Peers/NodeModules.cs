using System.Diagnostics;

namespace MultiProc.Benchmarks.Peers;

/// <summary>The npm packages of the peers, installed once into the build's artifacts.</summary>
internal static class NodeModules
{
    private static readonly string[] Packages = ["workerpool@10.0.3", "jest-worker@30.5.1", "tinypool@2.2.0"];

    /// <summary>The folder that holds <c>node_modules</c>; null when they could not be installed.</summary>
    public static readonly Lazy<string?> Folder = new(Install);

    private static string? Install()
    {
        var folder = Path.Combine(Repository.Root, "artifacts", "bench", "node");
        if (Directory.Exists(Path.Combine(folder, "node_modules", "tinypool")))
        {
            return folder;
        }

        Directory.CreateDirectory(folder);
        File.WriteAllText(Path.Combine(folder, "package.json"), "{}");
        var start = new ProcessStartInfo("npm", ["install", "--no-audit", "--no-fund", "--silent", .. Packages]) { WorkingDirectory = folder };
        try
        {
            using var npm = Process.Start(start)!;
            return npm.WaitForExit(TimeSpan.FromMinutes(2)) && npm.ExitCode == 0 ? folder : null;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return null;
        }
    }
}
