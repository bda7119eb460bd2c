using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;
using MultiProc.Benchmarks;
using MultiProc.Benchmarks.Measuring;
using MultiProc.Benchmarks.Peers;
using MultiProc.Benchmarks.Report;
using MultiProc.Benchmarks.Rows;

CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
switch (args)
{
    case [PlainPipe.Role, var name]:
        PlainPipe.Serve(name);
        return 0;
    case [PlainRpc.Role, var name]:
        await PlainRpc.ServeAsync(name);
        return 0;
    case ["micro", .. var rest]:
        // In this process: what a benchmark is built with are the sources' own settings.
        BenchmarkSwitcher.FromAssembly(typeof(Row).Assembly).Run(
            rest.Length == 0 ? ["--filter", "*"] : rest,
            DefaultConfig.Instance.AddJob(Job.ShortRun.WithToolchain(InProcessEmitToolchain.Instance))
                .WithArtifactsPath(Path.Combine(Repository.Root, "artifacts", "bench", "micro")));
        return 0;
    case ["page"]:
        PerformancePage.Write();
        return 0;
}

if (args.Except(AllRows.List.Select(static row => row.Name)).ToArray() is { Length: > 0 } unknown)
{
    Console.Error.WriteLine(
        $"bench: there is no row {string.Join(", ", unknown)}. Rows: {string.Join(", ", AllRows.List.Select(static row => row.Name))}; "
        + "or `micro [--filter PATTERN]` for the costs inside, or `page` to write docs/performance.md again from what was measured.");
    return 2;
}

foreach (var row in AllRows.List.Where(row => args.Length == 0 || args.Contains(row.Name)))
{
    Console.WriteLine($"{row.Title} ({row.Name})\n");
    var result = await row.MeasureAsync();
    result.Machine = $"{RuntimeInformation.OSDescription}, {Environment.ProcessorCount} processors, {RuntimeInformation.FrameworkDescription}";
    Console.Write(ResultText.Of(result));
    var goals = new StringBuilder();
    ResultText.Write(goals, ResultText.Goals([(row, result)]));
    Console.WriteLine(goals);
    Results.Save(row, result);
    PerformancePage.Write();
}

return 0;
