using System.Diagnostics;

namespace MultiProc.Specs.Kit;

/// <summary>A file to which any process adds lines. It crosses.</summary>
public sealed record Journal(string Path)
{
    public void Add(object line)
    {
        using var file = Open(FileMode.Append, FileAccess.Write, FileShare.None);
        file.Write(System.Text.Encoding.UTF8.GetBytes(line + "\n"));
    }

    public string[] Lines() => File.Exists(Path) ? ReadLines() : [];

    private string[] ReadLines()
    {
        using var file = Open(FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        return new StreamReader(file).ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }

    // One at a time. Appending alone does not keep the lines of several processes apart: on Unix, .NET looks for the end when it opens the file, and writes there.
    private FileStream Open(FileMode mode, FileAccess access, FileShare share)
    {
        for (var timeout = Stopwatch.StartNew(); ;)
        {
            try
            {
                return new FileStream(Path, mode, access, share, bufferSize: 0);
            }
            catch (IOException exception) when (exception is not (FileNotFoundException or DirectoryNotFoundException) && timeout.Elapsed < TimeSpan.FromSeconds(20))
            {
                Thread.Yield();
            }
        }
    }
}
