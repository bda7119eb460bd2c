using System.Globalization;

namespace MultiProc.Host.Pi;

/// <summary>What <c>multiproc pi</c> found out, and prints below its workers.</summary>
internal sealed record PiReport(long Terms, int Ranges, int Processes, double Pi, TimeSpan Several, TimeSpan Single, int Rounds)
{
    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"""

            pi = {Pi:R}  (differs from Math.PI by {Math.Abs(Pi - Math.PI):0.0e+0}: {Terms:N0} terms of the Leibniz series take it no nearer)

            {Workers(Processes),-12}{Several.TotalMilliseconds,10:N1} ms
            {Workers(1),-12}{Single.TotalMilliseconds,10:N1} ms
            {"speed-up",-12}{Single / Several,10:N2}

            Measured: {Ranges} ranges of the sum, from submission to the last result, {Best}.
            All workers were running and warm before; starting them is not counted.
            """);

    private string Best => Rounds == 1 ? "once for each number of workers" : $"the best of {Rounds} rounds for each number of workers";

    private static string Workers(int count) => count == 1 ? "1 worker" : $"{count} workers";
}
