namespace MultiProc.Specs.Kit;

/// <summary>A file to which any process adds lines. It crosses.</summary>
public sealed record Journal(string Path)
{
    public void Add(object line)
    {
        // Opened for appending: the operating system keeps the lines of several processes apart.
        using var file = new FileStream(Path, FileMode.Append, FileAccess.Write, FileShare.ReadWrite, bufferSize: 0);
        file.Write(System.Text.Encoding.UTF8.GetBytes(line + "\n"));
    }

    public string[] Lines() => File.Exists(Path) ? ReadLines() : [];

    private string[] ReadLines()
    {
        using var file = new FileStream(Path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        return new StreamReader(file).ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }
}
