namespace MultiProc.Specs.Guide;

/// <summary>Files of the repository that this assembly was built in.</summary>
internal static class RepositoryFiles
{
    private static readonly string Root = FindRoot();

    public static string Path(params string[] parts) => System.IO.Path.Combine([Root, .. parts]);

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(System.IO.Path.Combine(folder.FullName, "MultiProc.sln")))
        {
            folder = folder.Parent ?? throw new DirectoryNotFoundException($"There is no MultiProc.sln above {AppContext.BaseDirectory}.");
        }

        return folder.FullName;
    }
}
