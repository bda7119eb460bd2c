namespace MultiProc.Packages.Kit;

/// <summary>A folder that anybody may write to, gone with its spec.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    public TemporaryFolder()
    {
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(Path, (UnixFileMode)0b111_111_111);
        }
    }

    public string Path { get; } = Directory.CreateTempSubdirectory("mp-").FullName;

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
