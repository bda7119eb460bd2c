namespace MultiProc.Specs.Kit;

/// <summary>A file that one process makes and another waits for: the plainest signal there is, and independent of what is specified. It crosses.</summary>
public sealed record Mark(string Path)
{
    public bool IsSet => File.Exists(Path);

    public void Set() => File.WriteAllText(Path, "");

    /// <summary>Blocks; for functions.</summary>
    public void Wait()
    {
        while (!IsSet)
        {
            Thread.Sleep(2);
        }
    }

    /// <summary>For the host, with a limit.</summary>
    public Task WaitAsync() => Eventually.TrueAsync(() => IsSet, "mark " + Path);
}
