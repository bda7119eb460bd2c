namespace MultiProc.Host.Functions;

/// <summary>What can be said of an assembly's path without loading it.</summary>
internal static class AssemblyFile
{
    /// <exception cref="InvalidCallException">There is no such file.</exception>
    public static void Check(string path)
    {
        if (File.Exists(path))
        {
            return;
        }

        throw new InvalidCallException(
            Directory.Exists(path) ? $"{path} is a folder. Give the path of a .dll in it."
            : File.Exists(path + ".dll") ? $"There is no file {path}. Did you mean {path}.dll?"
            : $"There is no file {path}. Build the project, and give the path of its .dll.");
    }
}
