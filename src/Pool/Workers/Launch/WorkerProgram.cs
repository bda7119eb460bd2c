namespace MultiProc.Workers.Launch;

/// <summary>The worker's own assembly.</summary>
internal static class WorkerProgram
{
    public const string AssemblyName = "MultiProc.Worker";

    private const string FileName = AssemblyName + ".dll";

    /// <summary>Beside the application, or beside this library.</summary>
    /// <param name="folder">The folder of another application, to look there first; null: this one's.</param>
    /// <exception cref="WorkerStartException">It is missing.</exception>
    public static string FindFile(string? folder = null)
    {
        string?[] folders = [folder, AppContext.BaseDirectory, Path.GetDirectoryName(typeof(WorkerProgram).Assembly.Location)];
        return folders.Where(static folder => !string.IsNullOrEmpty(folder)).Select(static folder => Path.Combine(folder!, FileName)).FirstOrDefault(File.Exists)
            ?? throw new WorkerStartException(
                $"The worker program is missing: there is no {FileName} in {AppContext.BaseDirectory}. "
                + "It is copied there when a project that references MultiProc is built; build again, or copy it along.");
    }
}
