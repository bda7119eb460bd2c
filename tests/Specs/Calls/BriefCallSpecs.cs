namespace MultiProc.Specs.Calls;

/// <summary>Brief calls that wait in great number travel together; what happens to one of them is its own affair all the same.</summary>
public sealed class BriefCallSpecs
{
    private const int Count = 20_000;

    [Spec]
    public async Task Of_a_flood_the_call_that_throws_and_the_one_that_dies_fail_alone()
    {
        await using var pool = await ProcessPool.StartAsync(2);
        await Task.WhenAll(Enumerable.Range(0, Count).Select(i => pool.ApplyAsync(Twice, i)));

        var calls = Enumerable.Range(0, Count).Select(i => pool.ApplyAsync(TwiceOrNot, i)).ToArray();
        await Task.WhenAll(calls).ContinueWith(static all => _ = all.Exception, TaskScheduler.Default);

        Assert.Equal("seven", Assert.IsType<FormatException>(calls[7_777].Exception?.InnerException).Message);
        Assert.Equal(17, Assert.IsType<WorkerLostException>(calls[11_111].Exception?.InnerException).ExitCode);
        var rest = Enumerable.Range(0, Count).Where(static i => i is not (7_777 or 11_111));
        Assert.All(rest, i => Assert.Equal(2 * i, calls[i].Result));
        Assert.Equal((2 * Count) - 2, pool.Statistics.Completed);
    }

    [Spec]
    public async Task Of_a_flood_a_call_may_wait_for_one_that_was_submitted_behind_it()
    {
        await using var pool = await ProcessPool.StartAsync(2);
        await Task.WhenAll(Enumerable.Range(0, Count).Select(i => pool.ApplyAsync(Twice, i)));
        using var scratch = new Scratch();
        var mark = scratch.Mark("m").Path;

        var calls = Enumerable.Range(0, 2_000).Select(i => pool.ApplyAsync(WaitOrMark, mark, i)).ToArray();

        Assert.Equal(Enumerable.Repeat(true, calls.Length), await Task.WhenAll(calls));
    }

    [Spec]
    public async Task Of_a_flood_texts_objects_and_nothing_at_all_come_back_as_from_calls_on_their_own()
    {
        await using var pool = await ProcessPool.StartAsync(2);
        await Task.WhenAll(Enumerable.Range(0, Count).Select(i => pool.ApplyAsync(Twice, i)));

        var texts = Enumerable.Range(0, Count).Select(i => pool.ApplyAsync(static (string name, int number) => $"{name} {number}", new string('x', i % 90), i)).ToArray();
        var nothing = Enumerable.Range(0, Count).Select(_ => pool.RunAsync(static () => { })).ToArray();
        var objects = Enumerable.Range(0, Count).Select(i => pool.ApplyAsync(static (Point point) => new Point(point.Y, point.X), new Point(i, -i))).ToArray();

        Assert.All(await Task.WhenAll(texts), static (text, i) => Assert.Equal($"{new string('x', i % 90)} {i}", text));
        await Task.WhenAll(nothing);
        Assert.All(await Task.WhenAll(objects), static (point, i) => Assert.Equal(new Point(-i, i), point));
    }

    private static int Twice(int number) => 2 * number;

    private static int TwiceOrNot(int number)
    {
        if (number == 7_777)
        {
            throw new FormatException("seven");
        }

        if (number == 11_111)
        {
            Environment.Exit(17);
        }

        return 2 * number;
    }

    // One waits for the one that was submitted three calls later.
    private static bool WaitOrMark(string mark, int number)
    {
        if (number == 1_503)
        {
            File.WriteAllText(mark, "");
        }

        return number != 1_500 || SpinWait.SpinUntil(() => File.Exists(mark), TimeSpan.FromSeconds(20));
    }

    private sealed record Point(int X, int Y);
}
