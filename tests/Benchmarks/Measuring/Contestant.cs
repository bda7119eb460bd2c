namespace MultiProc.Benchmarks.Measuring;

/// <summary>Somebody who takes part in a row: its name, and one measurement in the row's unit.</summary>
internal sealed record Contestant(string Name, Func<Task<double>> Measure)
{
    /// <summary>All in turns, so that what disturbs the machine disturbs all alike; each once, or as often as told, before it counts.</summary>
    public static async Task<Series[]> RunAsync(int rounds, IReadOnlyList<Contestant> contestants, int warmUps = 1)
    {
        var samples = contestants.Select(_ => new double[rounds]).ToArray();
        for (var round = -warmUps; round < rounds; round++)
        {
            for (var i = 0; i < contestants.Count; i++)
            {
                var value = await contestants[i].Measure();
                if (round >= 0)
                {
                    samples[i][round] = value;
                }
            }
        }

        return [.. contestants.Select((contestant, i) => new Series(contestant.Name, samples[i]))];
    }
}
