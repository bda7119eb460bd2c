using System.Diagnostics;

namespace MultiProc.Specs.Kit;

/// <summary>A file to which any process adds lines. It crosses.</summary>
public sealed record Journal(string Path)
{
    public void Add(object line)
    {
        using var file = OpenAlone();
        file.Write(System.Text.Encoding.UTF8.GetBytes(line + "\n"));
    }

    public string[] Lines() => File.Exists(Path) ? ReadLines() : [];

    // Appending alone does not keep the lines of several processes apart: on Unix, .NET looks for the end when it opens the file, and writes there.
    private FileStream OpenAlone()
    {
        for (var patience = Stopwatch.StartNew(); ;)
        {
            try
            {
                return new FileStream(Path, FileMode.Append, FileAccess.Write, FileShare.None, bufferSize: 0);
            }
            catch (IOException) when (patience.Elapsed < TimeSpan.FromSeconds(20))
            {
                Thread.Yield();
            }
        }
    }

    private string[] ReadLines()
    {
        using var file = new FileStream(Path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        return new StreamReader(file).ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }
}
