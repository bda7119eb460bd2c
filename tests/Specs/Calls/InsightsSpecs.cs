namespace MultiProc.Specs.Calls;

public sealed class InsightsSpecs : PoolSpec
{
    [Spec]
    public async Task They_tell_where_the_time_went_and_which_calls_were_slow()
    {
        await using var pool = await ProcessPool.StartAsync(
            new ProcessPoolOptions { Processes = 2, CollectInsights = true }.WithInitializer(static () => Thread.Sleep(20)));
        await pool.ApplyAsync(Slow, "a long story", 300);
        await pool.MapAsync(static number => number, Enumerable.Range(0, 10), new MapOptions { ChunkSize = 5 });
        await Assert.ThrowsAsync<WorkerLostException>(() => pool.RunAsync(static () => Environment.FailFast(null)));

        pool.Close();
        await pool.JoinAsync();
        var insights = pool.Insights();

        Assert.Equal(["w0", "w1"], insights.Workers.Select(static worker => worker.Name));
        Assert.Equal(4, insights.Workers.Sum(static worker => worker.Calls));
        Assert.All(insights.Workers, static worker => Assert.True(worker.Starting > TimeSpan.Zero && worker.Initializing >= TimeSpan.FromMilliseconds(20)));
        Assert.All(insights.Workers, static worker => Assert.InRange(worker.WorkShare, 0, 1));
        Assert.Equal(insights.SlowestCalls.OrderByDescending(static call => call.Duration), insights.SlowestCalls);
        Assert.True(insights.SlowestCalls.Sum(static call => call.Duration.Ticks) <= insights.Workers.Sum(static worker => worker.Working.Ticks));
        var slow = insights.SlowestCalls.Single(static call => call.Function.EndsWith(".Slow", StringComparison.Ordinal));
        Assert.Equal("story = \"a long story\", milliseconds = 300", slow.Arguments);
        Assert.True(slow.Duration >= TimeSpan.FromMilliseconds(300));
        Assert.Contains("number = 5 and 4 more", insights.SlowestCalls.Select(static call => call.Arguments));
        Assert.Contains("work share", insights.ToString(), StringComparison.Ordinal);
        Assert.Contains("Slow (story = \"a long story\", milliseconds = 300)", insights.ToString(), StringComparison.Ordinal);
    }

    [Spec]
    public async Task A_pool_in_this_process_has_them_too_and_one_that_was_not_asked_to_collect_says_so()
    {
        await using var pool = await ProcessPool.StartAsync(new ProcessPoolOptions { Processes = 0, CollectInsights = true });
        await pool.ApplyAsync(Slow, "short", 1);

        Assert.Equal("story = \"short\", milliseconds = 1", pool.Insights().SlowestCalls.Single().Arguments);

        await using var other = await ProcessPool.StartAsync(0);
        Assert.Throws<InvalidOperationException>(() => other.Insights());
    }

    private static string Slow(string story, int milliseconds)
    {
        Thread.Sleep(milliseconds);
        return story;
    }
}
