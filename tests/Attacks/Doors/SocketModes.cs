namespace MultiProc.Attacks.Doors;

/// <summary>Which modes the sockets of a pool have while it starts.</summary>
internal static class SocketModes
{
    public static void Watch(string folder, HashSet<(bool IsControl, UnixFileMode Mode)> seen, CancellationToken end)
    {
        while (!OperatingSystem.IsWindows() && !end.IsCancellationRequested)
        {
            foreach (var path in Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories))
            {
                var isControl = Path.GetFileName(Path.GetDirectoryName(path)!).StartsWith("multiproc-", StringComparison.Ordinal);
                if (!isControl && !Path.GetFileName(path).StartsWith("mp-", StringComparison.Ordinal))
                {
                    continue;
                }

                try
                {
                    seen.Add((isControl, File.GetUnixFileMode(path)));
                }
                catch (FileNotFoundException)
                {
                    // The worker has connected.
                }
            }
        }
    }
}
