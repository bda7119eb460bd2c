namespace MultiProc.Attacks.Boundary;

/// <summary>A file that must survive.</summary>
internal sealed class Victim : IDisposable
{
    private readonly Scratch _scratch = new();

    public Victim() => File.WriteAllText(Path, "precious");

    public string Path => System.IO.Path.Combine(_scratch.Path, "victim");

    public bool IsThere => File.Exists(Path);

    public void Dispose() => _scratch.Dispose();
}
