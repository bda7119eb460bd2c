using System.Text.RegularExpressions;

namespace MultiProc.Specs.Guide;

/// <summary>docs/python-tests.md names specs that exist, for each row.</summary>
public sealed partial class PythonTestsTextSpecs
{
    private static readonly string[] Rows = [.. File.ReadLines(RepositoryFiles.Path("docs", "python-tests.md")).Where(static line => line.StartsWith("| `", StringComparison.Ordinal))];

    [Fact]
    public void Each_row_of_Pythons_pool_tests_names_a_spec()
    {
        HashSet<string> specs =
        [
            .. typeof(PythonTestsTextSpecs).Assembly.GetTypes()
                .SelectMany(static type => type.GetMethods())
                .Where(static method => method.IsDefined(typeof(FactAttribute), inherit: true))
                .Select(static method => method.Name),
        ];

        Assert.True(Rows.Length >= 39, $"docs/python-tests.md has {Rows.Length} rows.");
        Assert.All(Rows, row =>
        {
            var named = Name().Matches(row.Split('|')[2]).Select(static name => name.Groups["name"].Value).ToList();
            Assert.NotEmpty(named);
            Assert.Empty(named.Except(specs));
        });
    }

    [GeneratedRegex("`(?<name>[^`]+)`")]
    private static partial Regex Name();
}
