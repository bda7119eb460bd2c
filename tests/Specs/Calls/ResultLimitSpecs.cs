namespace MultiProc.Specs.Calls;

/// <summary><see cref="ProcessPoolOptions.MaxResultBytes"/>, with workers and without; and results that are too large for a message and for shared memory.</summary>
public sealed class ResultLimitSpecs : PoolSpec
{
    private const int Limit = 1_000_000;

    [SpecTheory]
    [InlineData(1)]
    [InlineData(0)]
    public async Task A_result_that_is_larger_than_allowed_is_refused_and_its_neighbours_are_not_harmed(int processes)
    {
        await using var pool = await ProcessPool.StartAsync(new ProcessPoolOptions { Processes = processes, MaxResultBytes = Limit });

        Assert.Equal(Limit - 100, (await pool.ApplyAsync(static (int length) => new byte[length], Limit - 100)).Length);
        var refusal = await Assert.ThrowsAsync<NotSerializableException>(() => pool.ApplyAsync(static (int length) => new byte[length], Limit + 1));
        var text = await Assert.ThrowsAsync<NotSerializableException>(() => pool.ApplyAsync(static (int length) => new string('x', length), 30 * Limit));

        Assert.Equal(("result", typeof(byte[])), (refusal.Path, refusal.Type));
        Assert.Contains("MaxResultBytes", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("1,000,000", refusal.Message, StringComparison.Ordinal);
        Assert.Equal(typeof(string), text.Type);
        Assert.Equal(new string('x', 900_000), await pool.RunAsync(static () => new string('x', 900_000)));
        Assert.Equal(0, pool.Statistics.WorkersRestarted);
    }

    [SpecTheory]
    [InlineData(1)]
    [InlineData(0)]
    public async Task In_a_map_the_limit_is_that_of_each_item(int processes)
    {
        await using var pool = await ProcessPool.StartAsync(new ProcessPoolOptions { Processes = processes, MaxResultBytes = 1_000 });

        var outcomes = await pool.MapSettledAsync(static (int length) => new byte[length], Enumerable.Range(0, 200).Select(static i => i * 10));

        Assert.All(outcomes.Take(98), static outcome => Assert.True(outcome.IsSuccess));
        Assert.All(outcomes.Skip(101), static outcome => Assert.IsType<NotSerializableException>(outcome.Error));
    }

    [SpecTheory]
    [InlineData(1)]
    [InlineData(0)]
    public async Task The_smallest_limit_lets_small_results_and_exceptions_through(int processes)
    {
        await using var pool = await ProcessPool.StartAsync(new ProcessPoolOptions { Processes = processes, MaxResultBytes = 1 });

        await pool.RunAsync(static () => { });
        await Assert.ThrowsAsync<NotSerializableException>(() => pool.RunAsync(static () => 1.5));
        var error = await Assert.ThrowsAsync<InvalidOperationException>(() => pool.RunAsync(static () => throw new InvalidOperationException("As it is.")));
        var large = await Assert.ThrowsAsync<NotSerializableException>(
            () => pool.RunAsync(static () => throw new InvalidOperationException(new string('x', 3_000_000))));

        Assert.Equal("As it is.", error.Message);
        Assert.Contains("xxx", large.Message, StringComparison.Ordinal);
    }

    [SpecTheory]
    [InlineData(1)]
    [InlineData(0)]
    public async Task What_is_reported_is_held_to_the_limit_too(int processes)
    {
        await using var pool = await ProcessPool.StartAsync(new ProcessPoolOptions { Processes = processes, MaxResultBytes = Limit });
        var progress = new Lengths();

        await Assert.ThrowsAnyAsync<Exception>(() => pool.ApplyAsync(
            static (IProgress<byte[]> progress) =>
            {
                progress.Report(new byte[900_000]);
                progress.Report(new byte[Limit + 1]);
            },
            (IProgress<byte[]>)progress));

        Assert.Equal([900_000], progress.Seen);
    }

    [Spec]
    public async Task Results_reports_and_exceptions_that_fit_nowhere_come_in_parts()
    {
        const int Large = 70_000_000;
        await using var pool = await ProcessPool.StartAsync(1);
        var progress = new Lengths();

        var result = await pool.ApplyAsync(
            static (int length, IProgress<byte[]> progress) =>
            {
                progress.Report(new byte[length]);
                var result = new byte[length];
                (result[0], result[^1]) = (1, 2);
                return result;
            },
            Large, (IProgress<byte[]>)progress);
        var error = await Assert.ThrowsAnyAsync<Exception>(
            () => pool.RunAsync(static () => throw new InvalidOperationException(new string('y', 40_000_000))));

        Assert.Equal((Large, (byte)1, (byte)2), (result.Length, result[0], result[^1]));
        Assert.Equal([Large], progress.Seen);

        // Of a text that long the beginning crosses (docs/boundary.md, "Exceptions").
        Assert.Equal(nameof(InvalidOperationException), Assert.IsType<RemoteException>(error).RemoteTypeName.Split('.')[^1]);
        Assert.StartsWith("yyyy", error.Message, StringComparison.Ordinal);
        Assert.Equal(1, await pool.RunAsync(static () => 1));
    }

    [Spec]
    public void A_limit_that_is_none_is_refused()
    {
        foreach (var limit in new[] { 0, -1, 2_147_483_592 })
        {
            Assert.Throws<ArgumentOutOfRangeException>(() => new ProcessPoolOptions { MaxResultBytes = limit }.Validate());
        }

        new ProcessPoolOptions { MaxResultBytes = 2_147_483_591 }.Validate();
        new ProcessPoolOptions { MaxResultBytes = 1 }.Validate();
    }

    private sealed class Lengths : IProgress<byte[]>
    {
        public List<int> Seen { get; } = [];

        public void Report(byte[] value) => Seen.Add(value.Length);
    }
}
