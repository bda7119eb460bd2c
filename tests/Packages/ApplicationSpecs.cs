using MultiProc.Packages.Kit;

namespace MultiProc.Packages;

/// <summary>Applications that have nothing but the packages.</summary>
[Collection(nameof(Published))]
public sealed class ApplicationSpecs(Published published)
{
    private const string AsExpected = """
        sum 6
        squares 1 4 9 16
        elsewhere True
        threw no żółć, True
        timed out

        """;

    [Theory]
    [InlineData("Plain")]
    [InlineData("SelfContained")]
    [InlineData("SingleFile")]
    [InlineData("ReadyToRun")]
    public async Task A_console_application_runs_however_it_is_published_and_from_anywhere(string project) =>
        Assert.Equal(AsExpected, await Command.RunAsync(published.Program(project), [], Path.GetTempPath()));

    [Fact]
    public async Task Several_applications_share_the_machine()
    {
        string[] projects = ["Plain", "SelfContained", "SingleFile", "Plain"];

        var outputs = await Task.WhenAll(projects.Select(project => Command.RunAsync(published.Program(project), [])));

        Assert.All(outputs, static output => Assert.Equal(AsExpected, output));
    }

    [Theory]
    [InlineData("Plain")]
    [InlineData("SingleFile")]
    public async Task An_application_needs_to_write_nothing_where_it_is_installed(string project)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Only here a user without rights can be had for the asking.");
        var folder = Path.GetDirectoryName(published.Program(project))!;
        var before = Directory.EnumerateFileSystemEntries(folder, "*", SearchOption.AllDirectories).ToHashSet();
        using var temporary = new TemporaryFolder();

        Assert.Equal(AsExpected, await ReadOnly.RunAsync(published.Program(project), temporary.Path));
        Assert.Equal(before, Directory.EnumerateFileSystemEntries(folder, "*", SearchOption.AllDirectories).ToHashSet());
    }

    [Theory]
    [InlineData("SelfContained")]
    [InlineData("SingleFile")]
    public async Task An_application_that_misses_the_line_its_workers_need_is_shown_it(string project)
    {
        var (exitCode, output, error) = await Command.EndAsync(published.Program(project), ["--without-hook"]);

        Assert.NotEqual(0, exitCode);
        Assert.Equal("", output);
        Assert.Contains("WorkerStartException", error, StringComparison.Ordinal);
        Assert.Contains("\n    ProcessPool.RunWorkerIfRequested();\n", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Readme", "README.md")]
    [InlineData("PackageReadme", "src/Pool/README.md")]
    public async Task The_program_of_the_read_me_runs_and_prints_what_stands_there(string project, string document)
    {
        var lines = (await Command.RunAsync(published.Program(project), [])).Split('\n');

        Assert.StartsWith("Hello from a worker process", lines[0], StringComparison.Ordinal);
        Assert.NotEqual("", lines[1]);

        // Which of the two depends on how busy the machine is.
        Assert.Contains(
            lines[1].Replace("terminated and", "killed and", StringComparison.Ordinal),
            await File.ReadAllTextAsync(Path.Combine(Repository.Root, document), TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "-o", "one folder")]
    [InlineData("/", "--artifacts-path", "artifacts here")]
    [InlineData("", "-p:Platform=x64")]
    public async Task It_is_built_from_an_empty_cache_into_any_folder(string endOfCache, params string[] arguments)
    {
        using var folder = new TemporaryFolder();
        using var cache = new TemporaryFolder();

        // What was restored for this user stands in for a feed.
        published.WriteProject(folder.Path, otherSources: Published.Cache);
        var environment = new Dictionary<string, string?> { ["NUGET_PACKAGES"] = cache.Path + endOfCache };

        await Command.RunAsync("dotnet", ["build", "-v", "q", .. arguments], folder.Path, environment);

        Assert.True(Directory.Exists(Path.Combine(cache.Path, "multiproc", published.Version)));
        var program = Directory.EnumerateFiles(folder.Path, "Fresh.dll", SearchOption.AllDirectories)
            .Single(static file => File.Exists(Path.Combine(Path.GetDirectoryName(file)!, "MultiProc.Worker.dll")));
        Assert.StartsWith("Hello from a worker process", await Command.RunAsync("dotnet", [program], environment: environment), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_project_that_is_to_be_compiled_ahead_of_time_runs_and_only_publishing_it_stops_with_the_line_that_helps()
    {
        using var folder = new TemporaryFolder();
        published.WriteProject(folder.Path, "<PublishAot>true</PublishAot>");

        Assert.StartsWith("Hello from a worker process", await Command.RunAsync("dotnet", ["run"], folder.Path), StringComparison.Ordinal);

        var (exitCode, output, error) = await Command.EndAsync("dotnet", ["publish"], folder.Path);

        Assert.NotEqual(0, exitCode);
        Assert.Contains("error MULTIPROC009", output + error, StringComparison.Ordinal);
        Assert.Contains("<PublishAot>false</PublishAot>", output + error, StringComparison.Ordinal);
        Assert.DoesNotContain("MULTIPROC008", output + error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task It_runs_as_a_file_without_a_project_too_and_publishing_that_ahead_of_time_stops_with_the_line_that_helps()
    {
        var lines = (await Command.RunAsync("dotnet", ["run", "hello.cs"], published.Files)).Split('\n');

        Assert.StartsWith("Hello from a worker process", lines[0], StringComparison.Ordinal);
        Assert.StartsWith("lambda in Program.Main ran past its time limit of 1000 ms", lines[1], StringComparison.Ordinal);

        var (exitCode, output, error) = await Command.EndAsync("dotnet", ["publish", "hello.cs"], published.Files);

        Assert.NotEqual(0, exitCode);
        Assert.Contains("error MULTIPROC009", output + error, StringComparison.Ordinal);
        Assert.Contains("#:property PublishAot=false", output + error, StringComparison.Ordinal);
        Assert.DoesNotContain("MULTIPROC008", output + error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_web_application_answers_from_its_workers() =>
        Assert.Equal("length 6, elsewhere True\n", await Command.RunAsync(published.Program("Web"), []));

    [Fact]
    public async Task A_test_project_runs_pools_in_its_tests() =>
        Assert.Contains("Total: 1, Errors: 0, Failed: 0", await Command.RunAsync(published.Program("Tests"), ["-noColor"]), StringComparison.Ordinal);

    [Fact]
    public async Task The_tool_is_installed_and_runs_a_function()
    {
        await Command.RunAsync(
            "dotnet", ["tool", "install", "MultiProc.Tool", "--version", published.Version, "--tool-path", published.Tools, "--add-source", published.Packages],
            published.Scratch);
        var plain = Path.Combine(Path.GetDirectoryName(published.Program("Plain"))!, "Plain.dll");

        Assert.Equal("42\n", await Command.RunAsync(Path.Combine(published.Tools, "multiproc"), ["run", plain, "Numbers.Twice", "21"]));
        Assert.StartsWith(published.Version, await Command.RunAsync(Path.Combine(published.Tools, "multiproc"), ["--version"]), StringComparison.Ordinal);
    }
}
