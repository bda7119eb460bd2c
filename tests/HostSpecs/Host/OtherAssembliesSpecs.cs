namespace MultiProc.HostSpecs.Host;

/// <summary>Assemblies that were not written for MultiProc, built as their projects are.</summary>
public sealed class OtherAssembliesSpecs : PoolSpec
{
    [SpecTheory]
    [InlineData("\"<h1>Hi</h1>\\n\"", "MultiProc.TestLibrary.Documents.Render", "# Hi")]
    [InlineData("\"SGk\"", "MultiProc.TestLibrary.Documents.Encode", "Hi")]
    [InlineData("\"<h1>Hi</h1>\\n\"", "Markdig.Markdown.ToHtml", "# Hi")]
    public async Task A_class_library_finds_its_packages_its_framework_and_the_types_that_it_forwards(string result, string function, string argument)
    {
        var ended = await Started.CommandToEndAsync("run", Built.Library, function, argument);

        Assert.Equal((0, result + "\n", ""), (ended.ExitCode, ended.Output, ended.Error));
    }

    [Spec]
    public async Task A_result_that_JSON_does_not_show_is_refused()
    {
        var ended = await Started.CommandToEndAsync("run", Built.Library, "MultiProc.TestLibrary.Documents.Parse", "{\"a\": 1}");

        Assert.Equal((1, ""), (ended.ExitCode, ended.Output));
        Assert.Contains("cannot be written as JSON", Assert.Single(ended.ErrorLines), StringComparison.Ordinal);
    }

    [Spec]
    public async Task An_assembly_of_a_package_is_called_where_it_lies()
    {
        using var scratch = new Scratch();
        var dependencies = await File.ReadAllTextAsync(Path.ChangeExtension(Built.Library, ".deps.json"), TestContext.Current.CancellationToken);
        Assert.Contains("Markdig", dependencies, StringComparison.Ordinal);
        var packages = Environment.GetEnvironmentVariable("NUGET_PACKAGES") is { Length: > 0 } configured
            ? configured
            : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");
        var markdig = Directory.GetFiles(Path.Combine(packages, "markdig"), "Markdig.dll", SearchOption.AllDirectories).First(static path => path.Contains("net9.0", StringComparison.Ordinal));

        var ended = await Started.CommandToEndAsync("run", markdig, "Markdig.Markdown.ToHtml", "# Hi");

        Assert.Equal((0, "\"<h1>Hi</h1>\\n\"\n"), (ended.ExitCode, ended.Output));
    }
}
