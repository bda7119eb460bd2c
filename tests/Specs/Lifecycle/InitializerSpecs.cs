namespace MultiProc.Specs.Lifecycle;

public sealed class InitializerSpecs : PoolSpec
{
    private static string _state = "untouched";

    [Spec]
    public async Task An_initializer_runs_once_in_each_worker_before_its_first_call()
    {
        using var scratch = new Scratch();
        var runs = scratch.Journal();
        await using var pool = await ProcessPool.StartAsync(new ProcessPoolOptions { Processes = 2 }.WithInitializer(
            static (Journal runs) =>
            {
                _state = "initialized";
                runs.Add(Environment.ProcessId);
            },
            runs));

        Assert.Equal(pool.Workers.Select(static worker => $"{worker.ProcessId}").Order(), runs.Lines().Order());
        Assert.All(await pool.BroadcastAsync(static () => _state), static state => Assert.Equal("initialized", state));
        Assert.Equal("untouched", _state);
    }

    [Spec]
    public async Task An_initializer_takes_up_to_four_arguments_and_captures()
    {
        var captured = "captured";
        ProcessPoolOptions[] all =
        [
            new ProcessPoolOptions().WithInitializer(() => _state = captured),
            new ProcessPoolOptions().WithInitializer(static (a) => _state = $"{a}", 1),
            new ProcessPoolOptions().WithInitializer(static (a, b) => _state = $"{a}{b}", 1, "x"),
            new ProcessPoolOptions().WithInitializer(static (a, b, c) => _state = $"{a}{b}{c}", 1, "x", 'y'),
            new ProcessPoolOptions().WithInitializer(static (a, b, c, d) => _state = $"{a}{b}{c}{d}", 1, "x", 'y', 2L),
        ];

        var states = new List<string>();
        foreach (var options in all)
        {
            await using var pool = await ProcessPool.StartAsync(options with { Processes = 1 });
            states.Add(await pool.RunAsync(static () => _state));
        }

        Assert.Equal(["captured", "1", "1x", "1xy", "1xy2"], states);
    }

    [Spec]
    public async Task An_async_initializer_is_awaited()
    {
        await using var pool = await ProcessPool.StartAsync(new ProcessPoolOptions { Processes = 1 }.WithInitializer(static async () =>
        {
            await Task.Delay(20);
            _state = "awaited";
        }));
        await using var another = await ProcessPool.StartAsync(new ProcessPoolOptions { Processes = 1 }.WithInitializer(
            static async (text) =>
            {
                await Task.Yield();
                _state = text;
            },
            "with an argument"));

        Assert.Equal("awaited", await pool.RunAsync(static () => _state));
        Assert.Equal("with an argument", await another.RunAsync(static () => _state));
    }

    [Spec]
    public async Task A_replacement_is_initialized_like_the_first()
    {
        await using var pool = await ProcessPool.StartAsync(new ProcessPoolOptions { Processes = 1 }.WithInitializer(static (text) => _state = text, "again"));

        Posix.Signal(pool.Workers[0].ProcessId, Posix.Kill);

        Assert.Equal("again", await pool.RunAsync(static () => _state));
    }

    [SpecTheory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_failing_initializer_fails_the_start_with_its_own_exception_after_one_start_per_worker(bool isAsync)
    {
        using var scratch = new Scratch();
        var runs = scratch.Journal();
        var options = new ProcessPoolOptions { Processes = 2 };
        options = isAsync ? options.WithInitializer(FailAsync, runs) : options.WithInitializer(Fail, runs);

        var failure = await Assert.ThrowsAsync<WorkerStartException>(() => ProcessPool.StartAsync(options));

        var cause = Assert.IsType<KeyNotFoundException>(failure.InnerException);
        Assert.Equal("no such table", cause.Message);
        Assert.Contains("no such table", failure.Message, StringComparison.Ordinal);
        Assert.Contains(nameof(Fail), cause.ToString(), StringComparison.Ordinal);
        Assert.InRange(runs.Lines().Length, 1, 2);
    }

    [Spec]
    public async Task When_the_fourth_worker_cannot_start_the_three_others_are_stopped_and_its_error_is_thrown()
    {
        var failure = await Assert.ThrowsAsync<WorkerStartException>(() => ProcessPool.StartAsync(new ProcessPoolOptions { Processes = 4 }.WithInitializer(static () =>
        {
            if (WorkerContext.Current!.Slot == 3)
            {
                throw new KeyNotFoundException("no fourth");
            }
        })));

        Assert.Equal("no fourth", Assert.IsType<KeyNotFoundException>(failure.InnerException).Message);
    }

    [Spec]
    public async Task An_initializer_that_ends_the_worker_fails_the_start()
    {
        var options = new ProcessPoolOptions { Processes = 2 }.WithInitializer(static () =>
        {
            Console.Error.WriteLine("no licence found");
            Environment.Exit(3);
        });

        var failure = await Assert.ThrowsAsync<WorkerStartException>(() => ProcessPool.StartAsync(options));

        Assert.Contains("exit code 3", failure.Message, StringComparison.Ordinal);
        Assert.Contains("no licence found", failure.StandardErrorTail, StringComparison.Ordinal);
    }

    [Spec]
    public async Task An_initializer_that_cannot_be_copied_is_refused_before_anything_starts()
    {
        using var stream = new BufferedStream(Stream.Null);

        var refusal = await Assert.ThrowsAsync<NotSerializableException>(
            () => ProcessPool.StartAsync(new ProcessPoolOptions { Processes = 1 }.WithInitializer(static (Stream s) => s.WriteByte(1), stream)));

        Assert.Equal("arg", refusal.Path);
        Assert.Throws<ArgumentNullException>(static () => new ProcessPoolOptions().WithInitializer((Action)null!));
    }

    [Spec]
    public async Task A_worker_that_ends_six_times_in_a_row_without_having_done_anything_makes_the_pool_give_up()
    {
        await using var pool = await ProcessPool.StartAsync(new ProcessPoolOptions { Processes = 1 }.WithInitializer(static () => new Thread(static () =>
        {
            Thread.Sleep(300);
            Environment.Exit(9);
        }).Start()));
        await Eventually.TrueAsync(() => pool.Statistics.WorkersRestarted >= 6);

        var failure = await Assert.ThrowsAsync<WorkerStartException>(() => pool.RunAsync(static () => 1));

        Assert.Contains("worker w0 was lost 6 times in a row before it had ended a call", failure.Message, StringComparison.Ordinal);
        Assert.Contains("exit code 9", failure.Message, StringComparison.Ordinal);
    }

    [Spec]
    public async Task An_initializer_that_begins_to_fail_ends_the_pool_with_its_cause_in_every_call()
    {
        using var scratch = new Scratch();
        var (runs, broken, begun) = (scratch.Journal(), scratch.Mark("broken"), scratch.Mark("begun"));
        await using var pool = await ProcessPool.StartAsync(new ProcessPoolOptions { Processes = 1 }.WithInitializer(
            static (Journal runs, Mark broken) =>
            {
                if (broken.IsSet)
                {
                    Fail(runs);
                }
            },
            runs, broken));
        var running = pool.RunAsync(() =>
        {
            begun.Set();
            Thread.Sleep(Timeout.Infinite);
        });
        var pending = Enumerable.Range(0, 5).Select(i => pool.ApplyAsync(static (int i) => i, i)).ToArray();
        await begun.WaitAsync();

        broken.Set();
        Posix.Signal(pool.Workers[0].ProcessId, Posix.Kill);

        await Assert.ThrowsAsync<WorkerLostException>(() => running);
        foreach (var call in pending)
        {
            Assert.IsType<KeyNotFoundException>((await Assert.ThrowsAsync<WorkerStartException>(() => call)).InnerException);
        }

        var later = await Assert.ThrowsAsync<WorkerStartException>(() => pool.RunAsync(static () => 1));
        Assert.IsType<KeyNotFoundException>(later.InnerException);
        Assert.InRange(runs.Lines().Length, 2, 20);
    }

    private static void Fail(Journal runs)
    {
        runs.Add("failing");
        throw new KeyNotFoundException("no such table");
    }

    private static async Task FailAsync(Journal runs)
    {
        await Task.Yield();
        Fail(runs);
    }
}
