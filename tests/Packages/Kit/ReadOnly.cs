namespace MultiProc.Packages.Kit;

/// <summary>Runs programs as somebody who may read where they are installed, and no more.</summary>
internal static class ReadOnly
{
    private const UnixFileMode ReadAndSearch =
        UnixFileMode.UserRead | UnixFileMode.UserExecute | UnixFileMode.GroupRead | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherExecute;

    // Nobody. The superuser may write everywhere, so he runs it as this one.
    private static readonly string[] AsNobody = ["--reuid=65534", "--regid=65534", "--clear-groups"];

    /// <param name="program">Its folder may be read by all.</param>
    /// <param name="temporary">A folder that anybody may write to.</param>
    public static async Task<string> RunAsync(string program, string temporary)
    {
        if (OperatingSystem.IsWindows())
        {
            throw new PlatformNotSupportedException("Not tried on Windows.");
        }

        var folder = Path.GetDirectoryName(program)!;
        var modes = new Dictionary<string, UnixFileMode>();
        for (var above = folder; above.StartsWith(Path.GetTempPath().TrimEnd('/') + "/", StringComparison.Ordinal); above = Path.GetDirectoryName(above)!)
        {
            modes.Add(above, File.GetUnixFileMode(above));
            File.SetUnixFileMode(above, ReadAndSearch);
        }

        var environment = new Dictionary<string, string?> { ["TMPDIR"] = temporary, ["HOME"] = temporary, ["DOTNET_BUNDLE_EXTRACT_BASE_DIR"] = temporary };
        try
        {
            return Environment.UserName == "root"
                ? await Command.RunAsync("setpriv", [.. AsNobody, program], temporary, environment)
                : await Command.RunAsync(program, [], temporary, environment);
        }
        finally
        {
            foreach (var (path, mode) in modes)
            {
                File.SetUnixFileMode(path, mode);
            }
        }
    }
}
