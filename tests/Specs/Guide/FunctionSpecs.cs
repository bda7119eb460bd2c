namespace MultiProc.Specs.Guide;

/// <summary>The guide's answers to what may be given to a worker.</summary>
public sealed class FunctionSpecs(TwoWorkers workers) : SharedPoolSpec(workers), IClassFixture<TwoWorkers>
{
    [Spec]
    public async Task A_lambda_brings_what_it_uses()
    {
        var pool = Pool;

        // <lambda>
        var prices = new Dictionary<string, decimal> { ["tea"] = 2.50m, ["cake"] = 3.20m };
        decimal rate = 1.19m;
        decimal[] totals = await pool.MapAsync(name => prices[name] * rate, ["tea", "cake"]);   // 2.9750, 3.8080
        // </lambda>

        Assert.Equal([2.9750m, 3.8080m], totals);
    }

    [Spec]
    public async Task What_crosses_is_a_copy()
    {
        var pool = Pool;

        // <copy>
        List<int> list = [1, 2];
        int there = await pool.RunAsync(() => { list.Add(3); return list.Count; });   // 3
        int here = list.Count;                                                       // 2: the worker had a copy
        // </copy>

        Assert.Equal((3, 2), (there, here));
    }

    [Spec]
    public async Task What_cannot_cross_is_refused_at_once()
    {
        var pool = Pool;
        var told = "";

        // <refused>
        using var stream = new BufferedStream(Stream.Null);
        try
        {
            await pool.RunAsync(() => stream.Length);
        }
        catch (NotSerializableException exception)
        {
            told = $"{exception.Path} is a {exception.Type}: {exception.Message}";   // with the way out
        }
        // </refused>

        Assert.StartsWith("stream is a System.IO.BufferedStream: ", told, StringComparison.Ordinal);
    }

    [Spec]
    public async Task A_refusal_comes_from_the_task_of_calls_and_of_maps()
    {
        using var stream = new BufferedStream(Stream.Null);

        var call = Pool.RunAsync(() => stream.Length);
        var map = Pool.MapAsync(_ => stream.Length, [1]);
        var broadcast = Pool.BroadcastAsync(() => stream.Length);

        Assert.Equal("stream", (await Assert.ThrowsAsync<NotSerializableException>(() => call)).Path);
        Assert.Equal("stream", (await Assert.ThrowsAsync<NotSerializableException>(() => map)).Path);
        Assert.Equal("stream", (await Assert.ThrowsAsync<NotSerializableException>(() => broadcast)).Path);
    }

    [Spec]
    public async Task A_captured_pool_is_refused_by_its_name_not_by_what_is_in_it()
    {
        var pool = Pool;

        var refused = await Assert.ThrowsAsync<NotSerializableException>(() => pool.RunAsync(() => pool.RunAsync(() => 1)));

        Assert.Equal("pool", refused.Path);
        Assert.Equal(typeof(ProcessPool), refused.Type);
        Assert.Contains("start another pool in the worker", refused.Message, StringComparison.Ordinal);
    }

    [Spec]
    public async Task Progress_arrives_while_the_call_runs()
    {
        var pool = Pool;
        var percent = 0;

        // <progress>
        IProgress<int> progress = new Progress<int>(value => percent = value);
        await pool.RunAsync(() =>
        {
            for (var done = 10; done <= 100; done += 10)
            {
                Thread.Sleep(1);        // a tenth of the work
                progress.Report(done);  // arrives in the host while this goes on
            }
        });
        // </progress>

        await Eventually.TrueAsync(() => percent > 0);
    }

    [Spec]
    public async Task Asynchronous_functions_are_awaited()
    {
        var pool = Pool;
        using var scratch = new Scratch();
        var path = Path.Combine(scratch.Path, "a.txt");

        // <async>
        int length = await pool.RunAsync(async token =>
        {
            await File.WriteAllTextAsync(path, "hello", token);
            return (await File.ReadAllTextAsync(path, token)).Length;
        });   // 5
        // </async>

        Assert.Equal(5, length);
    }
}
