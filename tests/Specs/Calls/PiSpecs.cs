namespace MultiProc.Specs.Calls;

public sealed class PiSpecs : PoolSpec
{
    [Spec]
    public async Task Pi_is_right_to_seven_digits_when_two_processes_compute_half_the_series_each()
    {
        const int Terms = 20_000_000;
        await using var pool = await ProcessPool.StartAsync(2);

        var halves = await Task.WhenAll(
            pool.RunAsync(static () => (Environment.ProcessId, Sum: Leibniz(0, Terms / 2))),
            pool.RunAsync(static () => (Environment.ProcessId, Sum: Leibniz(Terms / 2, Terms))));

        Assert.Equal(Math.PI, 4 * halves.Sum(static half => half.Sum), 1e-7);
        Assert.Equal(2, halves.Select(static half => half.ProcessId).Append(Environment.ProcessId).Distinct().Count() - 1);
    }

    private static double Leibniz(int from, int to)
    {
        var sum = 0.0;
        for (var term = from; term < to; term++)
        {
            sum += (term % 2 == 0 ? 1.0 : -1.0) / ((2 * term) + 1);
        }

        return sum;
    }
}
