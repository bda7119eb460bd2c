using System.Globalization;

namespace MultiProc.Packages.Kit;

/// <summary>
/// The packages, made once; and projects that know nothing but them, built and published in one go, in a folder outside of the repository whose name has
/// spaces and letters beyond ASCII.
/// </summary>
public sealed class Published : IAsyncLifetime
{
    private readonly string _folder = Directory.CreateTempSubdirectory("mp-packages-").FullName;

    // Of no use to anybody else: nothing that an earlier run left in a cache can be taken for it.
    private readonly string _version = $"0.0.1-spec.{Environment.ProcessId}.{DateTimeOffset.UtcNow.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture)}";

    /// <summary>Where the packages are.</summary>
    public string Packages => Path.Combine(_folder, "packages");

    public string Version => _version;

    /// <summary>Where the projects are.</summary>
    public string Scratch => Path.Combine(_folder, "scratch żółć 試し");

    /// <summary>Where the program of the read-me is a file without a project.</summary>
    public string Files => Path.Combine(_folder, "files żółć");

    /// <summary>Where this user's packages are kept.</summary>
    public static string Cache => Environment.GetEnvironmentVariable("NUGET_PACKAGES")
        ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");

    /// <summary>Where a tool is installed.</summary>
    public string Tools => Path.Combine(_folder, "tools żółć");

    /// <summary>The program of a project, as published.</summary>
    public string Program(string project) =>
        Path.Combine(Scratch, project, "publish folder", OperatingSystem.IsWindows() ? project + ".exe" : project);

    public async ValueTask InitializeAsync()
    {
        await MakeAsync(Repository.Root, Packages);
        Copy(Path.Combine(AppContext.BaseDirectory, "Scratch"), Scratch);
        Write("Versions.props", $"<Project><PropertyGroup><MultiProcVersion>{_version}</MultiProcVersion></PropertyGroup></Project>");
        Write("nuget.config", $"""<configuration><packageSources><add key="made" value="{Packages}" /></packageSources></configuration>""");
        Directory.CreateDirectory(Files);
        File.Copy(Path.Combine(Scratch, "nuget.config"), Path.Combine(Files, "nuget.config"));
        await File.WriteAllTextAsync(
            Path.Combine(Files, "hello.cs"), $"#:package MultiProc@{_version}\n{Repository.CSharpOf("README.md", "## From an empty folder")}");
        Write("Readme/Program.cs", Repository.CSharpOf("README.md", "## From an empty folder"));
        Write("PackageReadme/Program.cs", Repository.CSharpOf("src/Pool/README.md"));
        await Command.RunAsync("dotnet", ["publish", "Scratch.slnx", "--configuration", "Release", "--verbosity", "quiet"], Scratch);
    }

    /// <summary>The packages once more, from a copy of the sources.</summary>
    /// <returns>Where they are.</returns>
    public async Task<string> MakeAgainAsync()
    {
        var copy = Path.Combine(_folder, "copy żółć");
        Repository.CopyTo(copy);
        var packages = Path.Combine(_folder, "packages again");
        await MakeAsync(copy, packages);
        return packages;
    }

    /// <summary>Writes a project, `Fresh`, with the program of the read-me.</summary>
    /// <param name="folder">Where.</param>
    /// <param name="properties">Lines for the project.</param>
    /// <param name="otherSources">Where packages come from besides ours; without it, where this user's configuration says.</param>
    public void WriteProject(string folder, string properties = "", string? otherSources = null)
    {
        var others = otherSources is null ? "" : $"""<clear /><add key="others" value="{otherSources}" />""";
        File.WriteAllText(
            Path.Combine(folder, "nuget.config"), $"""<configuration><packageSources>{others}<add key="made" value="{Packages}" /></packageSources></configuration>""");
        File.WriteAllText(Path.Combine(folder, "Program.cs"), Repository.CSharpOf("README.md", "## From an empty folder"));
        File.WriteAllText(Path.Combine(folder, "Fresh.csproj"), $"""
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup>
                <TargetFramework>net10.0</TargetFramework>
                <OutputType>Exe</OutputType>
                <ImplicitUsings>enable</ImplicitUsings>
                {properties}
              </PropertyGroup>
              <ItemGroup>
                <PackageReference Include="MultiProc" Version="{_version}" />
              </ItemGroup>
            </Project>
            """);
    }

    public ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        Directory.Delete(_folder, recursive: true);

        // What restoring has put into the user's cache under this version is of no use to anybody.
        foreach (var package in Directory.EnumerateDirectories(Cache, "multiproc*"))
        {
            if (Directory.Exists(Path.Combine(package, _version)))
            {
                Directory.Delete(Path.Combine(package, _version), recursive: true);
            }
        }

        return ValueTask.CompletedTask;
    }

    private async Task MakeAsync(string root, string packages)
    {
        var (shell, script) = OperatingSystem.IsWindows() ? ("pwsh", "build.ps1") : ("bash", "build.sh");
        await Command.RunAsync(shell, [Path.Combine(root, script), "pack", "-p:MinVerVersionOverride=" + _version, "-p:PackageOutputPath=" + packages], root);
    }

    private void Write(string file, string text)
    {
        var path = Path.Combine(Scratch, file);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
    }

    private static void Copy(string from, string to)
    {
        foreach (var file in Directory.EnumerateFiles(from, "*", SearchOption.AllDirectories))
        {
            // The projects have another name here, so that nobody who builds this repository takes them for its own.
            var target = Path.Combine(to, Path.GetRelativePath(from, file)).Replace(".txt", "", StringComparison.Ordinal);
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(file, target);
        }
    }
}

[CollectionDefinition(nameof(Published))]
public sealed class MadeOnce : ICollectionFixture<Published>;
