using System.IO.Compression;
using System.Security.Cryptography;
using System.Text.Json;
using System.Xml.Linq;
using MultiProc.Packages.Kit;

namespace MultiProc.Packages;

/// <summary>What is in the packages.</summary>
[Collection(nameof(Published))]
public sealed class PackageSpecs(Published published)
{
    [Fact]
    public void The_library_brings_its_worker_its_documentation_and_code_that_is_precompiled_for_this_system()
    {
        using var package = Open("MultiProc", "nupkg");
        var files = package.Entries.Select(static entry => entry.FullName).ToHashSet();

        HashSet<string> expected =
        [
            "lib/net10.0/MultiProc.dll", "lib/net10.0/MultiProc.xml", "lib/net10.0/MultiProc.Worker.dll", "lib/net10.0/MultiProc.Protocol.dll", "lib/net10.0/MultiProc.Boundary.dll",
            "analyzers/dotnet/cs/MultiProc.Analyzers.dll", "analyzers/dotnet/cs/MultiProc.CodeFixes.dll", "docs/rules/MULTIPROC001.md", "docs/rules/MULTIPROC009.md",
            "buildTransitive/MultiProc.targets", "README.md", "icon.png",
        ];
        Assert.Superset(expected, files);
        Assert.Equal(
            ["MultiProc.Boundary.dll", "MultiProc.Protocol.dll", "MultiProc.Worker.dll", "MultiProc.dll"],
            files.Where(static file => file.StartsWith("runtimes/", StringComparison.Ordinal)).Select(Path.GetFileName).Order(StringComparer.Ordinal));
        Assert.DoesNotContain(files, static file => file.EndsWith(".pdb", StringComparison.Ordinal));
    }

    [Fact]
    public void The_symbols_of_all_four_are_in_a_package_of_their_own()
    {
        using var symbols = Open("MultiProc", "snupkg");

        Assert.Equal(
            ["lib/net10.0/MultiProc.Boundary.pdb", "lib/net10.0/MultiProc.Protocol.pdb", "lib/net10.0/MultiProc.Worker.pdb", "lib/net10.0/MultiProc.pdb"],
            symbols.Entries.Select(static entry => entry.FullName).Where(static file => file.EndsWith(".pdb", StringComparison.Ordinal)).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void The_library_says_what_it_is_and_needs_only_packages_that_are_published()
    {
        using var package = Open("MultiProc", "nupkg");
        using var stream = package.GetEntry("MultiProc.nuspec")!.Open();
        var metadata = XDocument.Load(stream).Root!.Elements().Single();
        string? Of(string name) => metadata.Elements().FirstOrDefault(element => element.Name.LocalName == name)?.Value;

        Assert.Equal((published.Version, "MIT", "README.md", "icon.png"), (Of("version"), Of("license"), Of("readme"), Of("icon")));
        Assert.Equal(
            ["MessagePack", "Microsoft.Extensions.Logging.Abstractions", "Microsoft.NET.StringTools", "Nerdbank.Streams", "StreamJsonRpc"],
            metadata.Descendants().Where(static element => element.Name.LocalName == "dependency").Select(static element => element.Attribute("id")!.Value)
                .Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("MultiProc.Extensions.Hosting")]
    [InlineData("MultiProc.Extensions.SpectreConsole")]
    [InlineData("MultiProc.FSharp")]
    public void What_has_dependencies_of_its_own_is_a_package_that_needs_the_library(string name)
    {
        using var package = Open(name, "nupkg");

        Assert.NotNull(package.GetEntry($"lib/net10.0/{name}.xml"));
        Assert.Null(package.GetEntry("lib/net10.0/MultiProc.dll"));
    }

    [Fact]
    public void The_compiler_of_a_project_that_has_the_package_tells_what_the_rules_say()
    {
        using var log = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(published.Scratch, "Rules", "rules.sarif")));
        var results = log.RootElement.GetProperty("runs")[0].GetProperty("results").EnumerateArray().Select(static result => result.GetProperty("ruleId").GetString());

        Assert.Equal(
            ["MULTIPROC001", "MULTIPROC002", "MULTIPROC003", "MULTIPROC004", "MULTIPROC005", "MULTIPROC006", "MULTIPROC007", "MULTIPROC008", "MULTIPROC008"],
            results.Where(static rule => rule!.StartsWith("MULTIPROC", StringComparison.Ordinal)).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Made_again_in_another_folder_they_are_the_same_byte_by_byte()
    {
        var again = await published.MakeAgainAsync();

        foreach (var first in Directory.GetFiles(published.Packages))
        {
            using var expected = ZipFile.OpenRead(first);
            using var actual = ZipFile.OpenRead(Path.Combine(again, Path.GetFileName(first)));
            Assert.Equal(expected.Entries.Select(Identity).Order(StringComparer.Ordinal), actual.Entries.Select(Identity).Order(StringComparer.Ordinal));
        }
    }

    [Fact]
    public async Task They_are_made_without_the_script_too_and_projects_that_refer_to_the_sources_are_built_into_any_folder()
    {
        using var copy = new TemporaryFolder();
        Repository.CopyTo(copy.Path);
        var environment = new Dictionary<string, string?> { ["NUGET_PACKAGES"] = Published.Cache.TrimEnd('/', '\\') };
        Task<string> DotnetAsync(params string[] arguments) => Command.RunAsync("dotnet", [.. arguments, "-v", "q"], copy.Path, environment);

        await DotnetAsync("pack", "src/Pool", "-p:MinVerVersionOverride=" + published.Version, "-o", "made");
        await DotnetAsync("build", "samples/SharedCounter", "-p:Platform=x64");
        await DotnetAsync("build", "samples/SharedCounter", "-c", "Release", "--artifacts-path", "artifacts here");
        await DotnetAsync("build", "samples/SharedCounter", "-o", "one folder");

        using (var expected = Open("MultiProc", "nupkg"))
        using (var actual = ZipFile.OpenRead(Path.Combine(copy.Path, "made", $"MultiProc.{published.Version}.nupkg")))
        {
            static string[] Names(ZipArchive package) =>
                [.. package.Entries.Select(static entry => entry.FullName).Where(static name => !name.EndsWith(".psmdcp", StringComparison.Ordinal)).Order()];
            Assert.Equal(Names(expected), Names(actual));
        }

        var programs = Directory.EnumerateFiles(copy.Path, "SharedCounter.dll", SearchOption.AllDirectories)
            .Where(static file => File.Exists(Path.Combine(Path.GetDirectoryName(file)!, "MultiProc.Worker.dll"))).ToList();
        Assert.Equal(3, programs.Count);
        foreach (var program in programs)
        {
            Assert.NotEqual("", await Command.RunAsync("dotnet", [program]));
        }
    }

    private static string Identity(ZipArchiveEntry entry)
    {
        using var content = entry.Open();

        // The F# compiler maps the path of the symbols (--pathmap), but reserves room in the debug directory for the path before it was mapped, also where it was given
        // as a relative one (--pdb): offsets and padding there depend on the length of the folder's path. Code, metadata and symbols are the same.
        return entry.Name == "MultiProc.FSharp.dll" ? entry.FullName : $"{entry.FullName} {Convert.ToHexString(SHA256.HashData(content))}";
    }

    private ZipArchive Open(string package, string extension) =>
        ZipFile.OpenRead(Path.Combine(published.Packages, $"{package}.{published.Version}.{extension}"));
}
