using System.CommandLine;
using MultiProc.Host.Pi;
using MultiProc.Host.Verbs;

namespace MultiProc.Host.Cli;

/// <summary><c>multiproc pi</c>: the classic example.</summary>
internal static class PiCommand
{
    private const long DefaultTerms = 10_000_000;
    private const long DefaultProcesses = 2;

    public static Command Create()
    {
        var terms = NumberOption.Create("--terms", "How many terms of the series to sum up.", 1, 1_000_000_000_000, "-t");
        terms.DefaultValueFactory = static _ => DefaultTerms;
        var processes = NumberOption.Create("--processes", "How many worker processes to split the sum over.", 1, 4_096, "-p");
        processes.DefaultValueFactory = static _ => DefaultProcesses;
        var verb = new Verb(
            "pi",
            "Computes pi: the Leibniz series, split over worker processes and compared with one worker.",
            ("pi", "Two workers, ten million terms"),
            ("pi --terms 1_000_000_000 --processes 8", "Enough work for eight workers"));
        verb.Add(terms);
        verb.Add(processes);
        verb.SetAction((parsed, _) => Outcome.OfAsync("pi", token =>
            PiComparison.RunAsync(parsed.GetValue(terms), (int)parsed.GetValue(processes), Console.Out, token)));
        return verb;
    }
}
