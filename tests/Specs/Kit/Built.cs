namespace MultiProc.Specs.Kit;

/// <summary>Where the programs and documents are that the specs of the command line use.</summary>
internal static class Built
{
    private const string Output = "bin/Release/net10.0";

    public static string Root { get; } = FindRoot();

    public static string Multiproc { get; } = InOutputOf("src/Host", OperatingSystem.IsWindows() ? "multiproc.exe" : "multiproc");

    public static string PiSample { get; } = InOutputOf("samples/Pi", OperatingSystem.IsWindows() ? "Pi.exe" : "Pi");

    public static string RiskyService { get; } = InOutputOf("samples/RiskyService", "RiskyService.dll");

    public static string WordCount { get; } = InOutputOf("samples/WordCount", "WordCount.dll");

    public static string Debugger { get; } = InOutputOf("tests/TestDebugger", "MultiProc.TestDebugger.dll");

    public static string FSharpProgram { get; } = InOutputOf("tests/Languages/FSharp", "MultiProc.FSharpProgram.dll");

    public static string VisualBasicProgram { get; } = InOutputOf("tests/Languages/VisualBasic", "MultiProc.VisualBasicProgram.dll");

    public static string PlugInOne { get; } = InOutputOf("tests/PlugIns/One", "MultiProc.PlugInOne.dll");

    public static string PlugInTwo { get; } = InOutputOf("tests/PlugIns/Two", "MultiProc.PlugInTwo.dll");

    /// <summary>Not the copy beside the specs: <c>run</c> is given an assembly that was built for itself.</summary>
    public static string Functions { get; } = InOutputOf("tests/TestFunctions", "MultiProc.TestFunctions.dll");

    /// <summary>A class library that was built as any: the packages that it needs are in the NuGet cache only.</summary>
    public static string Library { get; } = InOutputOf("tests/TestLibrary", "MultiProc.TestLibrary.dll");

    public static string Read(string document) => File.ReadAllText(Path.Combine(Root, document)).ReplaceLineEndings("\n");

    private static string InOutputOf(string project, string file)
    {
        var configuration = Path.GetFileName(Path.GetDirectoryName(AppContext.BaseDirectory.TrimEnd('/', '\\')))!;
        return Path.GetFullPath(Path.Combine(Root, project, Output.Replace("Release", configuration, StringComparison.Ordinal), file));
    }

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder!.FullName, "MultiProc.sln")))
        {
            folder = folder.Parent;
        }

        return folder.FullName;
    }
}
