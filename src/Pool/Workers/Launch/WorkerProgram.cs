namespace MultiProc.Workers.Launch;

/// <summary>The location of the worker program's assembly.</summary>
internal static class WorkerProgram
{
    public const string AssemblyName = "MultiProc.Worker";

    private const string FileName = AssemblyName + ".dll";

    private static volatile string? _found;

    /// <summary>
    /// Finds the assembly beside this library, which a plug-in may have for itself, or beside the application. The
    /// first answer is kept, even if the file has been deleted: it may come back.
    /// </summary>
    /// <exception cref="WorkerStartException">It is missing.</exception>
    public static string FindFile() => _found ??= FindFile(null);

    /// <summary>Finds the assembly for another application, in its folder first.</summary>
    /// <param name="folder">The folder of the other application; null: this one's.</param>
    /// <exception cref="WorkerStartException">It is missing.</exception>
    public static string FindFile(string? folder)
    {
        string?[] folders = [folder, Path.GetDirectoryName(typeof(WorkerProgram).Assembly.Location), AppContext.BaseDirectory];
        return folders.Where(static folder => !string.IsNullOrEmpty(folder)).Select(static folder => Path.Combine(folder!, FileName)).FirstOrDefault(File.Exists)
            ?? throw new WorkerStartException(
                $"The worker program is missing: there is no {FileName} in {AppContext.BaseDirectory}. "
                + "It is copied there when a project that references MultiProc is built; build again, or copy it along.");
    }
}
