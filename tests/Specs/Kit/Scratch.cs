namespace MultiProc.Specs.Kit;

/// <summary>A directory for one spec's files, gone with it.</summary>
internal sealed class Scratch : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("mp-spec-").FullName;

    public Mark Mark(string name) => new(System.IO.Path.Combine(Path, name));

    public Journal Journal(string name = "journal") => new(System.IO.Path.Combine(Path, name));

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
