using System.Globalization;
using System.Text.RegularExpressions;

namespace MultiProc.HostSpecs.Host;

public sealed partial class PiCommandSpecs : PoolSpec
{
    [Spec]
    public async Task Pi_is_computed_by_two_processes_and_is_right_to_1e_7()
    {
        var ended = await Started.MultiprocToEndAsync("pi");

        Assert.Equal((0, ""), (ended.ExitCode, ended.Error));
        var workers = Worker().Matches(ended.Output).Select(static match => match.Groups["process"].Value).ToArray();
        Assert.Equal(2, workers.Length);
        Assert.Equal(2, workers.Distinct().Count());
        Assert.InRange(PiOf(ended), Math.PI - 1e-7, Math.PI + 1e-7);
        Assert.Matches(@"2 workers +[\d,.]+ ms\n1 worker +[\d,.]+ ms\nspeed-up +[\d.]+\n", ended.Output);
    }

    [Spec]
    public async Task As_many_terms_and_workers_are_used_as_were_asked_for()
    {
        var ended = await Started.MultiprocToEndAsync("pi", "--terms", "3", "--processes", "3");

        Assert.Equal(0, ended.ExitCode);
        Assert.Equal(3, Worker().Count(ended.Output));
        Assert.Equal(4 * (1 - (1.0 / 3) + (1.0 / 5)), PiOf(ended), 1e-15);
    }

    private static double PiOf(Ended ended) => double.Parse(PiLine().Match(ended.Output).Groups["pi"].Value, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"^worker \d+ +process (?<process>\d+)$", RegexOptions.Multiline)]
    private static partial Regex Worker();

    [GeneratedRegex(@"^pi = (?<pi>[\d.]+) ", RegexOptions.Multiline)]
    private static partial Regex PiLine();
}
