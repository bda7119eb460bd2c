using System.Text;

namespace MultiProc.PackageTypes;

/// <summary>Each object arrives in a worker as one that the worker makes itself, and comes back as it was; or it is refused by name, with the way out.</summary>
public sealed class PopularPackageTests
{
    private const string Accept = "MULTIPROC_ACCEPT_TABLE";
    private const string Begin = "<!-- Written by tests/PackageTypes: begin -->";
    private const string End = "<!-- Written by tests/PackageTypes: end -->";

    [Fact(Timeout = 120_000)]
    public async Task Objects_of_popular_packages_arrive_as_they_were_or_are_refused_with_the_way_out()
    {
        var problems = new List<string>();
        await using var pool = await ProcessPool.StartAsync(1, TestContext.Current.CancellationToken);
        for (var i = 0; i < Catalogue.All.Count; i++)
        {
            var sample = Catalogue.All[i];
            if (await ProblemAsync(pool, i, sample) is { } problem)
            {
                problems.Add($"{sample.Package}: {sample.Name}: {problem}");
            }
        }

        Assert.True(problems.Count == 0, string.Join(Environment.NewLine, problems));
        Assert.True(Catalogue.All.Select(static sample => sample.Package).Distinct().Count() >= 40);
    }

    [Fact]
    public void Documentation_shows_what_crosses()
    {
        var path = Path.Combine(Root(), "docs", "boundary.md");
        var page = File.ReadAllText(path);
        var begin = page.IndexOf(Begin, StringComparison.Ordinal);
        var end = page.IndexOf(End, StringComparison.Ordinal);
        Assert.True(begin >= 0 && end > begin, $"{path} has no place for the table: '{Begin}' and '{End}'.");
        var written = page[..(begin + Begin.Length)] + Environment.NewLine + Table() + page[end..];
        if (Environment.GetEnvironmentVariable(Accept) == "1")
        {
            File.WriteAllText(path, written);
            return;
        }

        Assert.True(page == written, $"The table in {path} is not what this test writes. Look at it, and accept it with {Accept}=1.{Environment.NewLine}{Table()}");
    }

    private static async Task<string?> ProblemAsync(ProcessPool pool, int index, Sample sample)
    {
        object original;
        try
        {
            original = sample.Make();
        }
        catch (Exception exception)
        {
            return $"the sample cannot be made: {exception}";
        }

        try
        {
            var (value, problem) = await pool.ApplyAsync(InWorker.Check, index, original);
            if (sample.WayOut is not null)
            {
                return "it crosses, and should be refused";
            }

            return problem is not null ? $"in the worker: {problem}"
                : InWorker.Problem(sample, value) is { } difference ? $"back in the host: {difference}"
                : null;
        }
        catch (NotSerializableException refusal) when (sample.WayOut is not null)
        {
            return refusal.Message.Contains(sample.WayOut, StringComparison.Ordinal) ? null : $"the refusal does not tell the way out '{sample.WayOut}': {refusal.Message}";
        }
        catch (Exception exception)
        {
            return $"{exception.GetType().Name}: {exception.Message}";
        }
    }

    private static string Table()
    {
        var text = new StringBuilder();
        text.AppendLine("| package | crosses | refused |").AppendLine("| --- | --- | --- |");
        foreach (var package in Catalogue.All.GroupBy(static sample => sample.Package).OrderBy(static package => package.Key, StringComparer.OrdinalIgnoreCase))
        {
            text.AppendLine(System.Globalization.CultureInfo.InvariantCulture, $"| {package.Key} | {Names(package.Where(static sample => sample.WayOut is null))} | {Names(package.Where(static sample => sample.WayOut is not null))} |");
        }

        return text.ToString();

        static string Names(IEnumerable<Sample> samples) => string.Join(", ", samples.Select(static sample => sample.Name.Contains(' ', StringComparison.Ordinal) && !sample.Name.Contains('<', StringComparison.Ordinal)
            ? sample.Name : $"`{sample.Name}`"));
    }

    private static string Root()
    {
        var directory = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(directory, "MultiProc.sln")))
        {
            directory = Path.GetDirectoryName(directory) ?? throw new DirectoryNotFoundException("The repository's root is not above the tests.");
        }

        return directory;
    }
}
