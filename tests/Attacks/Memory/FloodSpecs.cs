using System.Buffers.Binary;

namespace MultiProc.Attacks.Memory;

/// <summary>Functions that make the host hold bytes: it holds few of them, ends their worker, says why, and goes on.</summary>
public sealed class FloodSpecs : PoolSpec
{
    private const int Ended = 1060;
    private const long Small = 150 << 20;

    [Spec]
    public Task A_worker_that_asks_without_end_and_reads_no_answer_is_ended() => AttackAsync(AskWithoutEnd, "does not read them", Small);

    [Spec]
    public Task A_worker_that_places_results_without_end_and_hears_nothing_is_ended() => AttackAsync(
        static async pool =>
        {
            await pool.RunAsync(static () => { });
            await pool.RunAsync(static () => PlaceWithoutEnd());
        },
        "does not read them",
        Small);

    [Spec]
    public Task A_frame_that_claims_two_gigabytes_is_refused() => AttackAsync(ClaimTwoGigabytes, "at most 67108864", Small);

    [Spec]
    public Task A_frame_of_the_greatest_length_that_is_no_message_ends_its_connection() => AttackAsync(WriteNonsense, "it is being killed", HostMemory.Goal);

    [Spec]
    public Task A_log_line_of_five_megabytes_is_refused() => AttackAsync(LogTooMuch, "A log line has", Small);

    [Spec]
    public Task A_name_of_a_method_that_has_no_end_is_refused() => AttackAsync(CallALongName, "too long", Small);

    [Spec]
    public Task Parts_of_a_result_beyond_what_is_allowed_are_refused() =>
        AttackAsync(SendParts, "more than the 33554432 bytes", Small, new ProcessPoolOptions { MaxResultBytes = 32 << 20 });

    [Spec]
    public Task Parts_that_belong_to_another_call_than_those_before_them_are_refused() => AttackAsync(MixParts, "were not at their end", Small);

    [Spec]
    public Task Parts_without_an_end_that_belong_together_are_refused() => AttackAsync(BreakOffParts, "came behind parts", Small);

    [Spec]
    public async Task Parts_that_belong_to_no_open_call_are_not_kept()
    {
        await using var pool = await ProcessPool.StartAsync(1);
        await pool.RunAsync(static () => { });
        await using var memory = new HostMemory();

        Assert.Equal(7, await pool.RunAsync(static () => SendPartsOfNobody()));

        Assert.InRange(memory.Growth, long.MinValue, Small);
    }

    [Spec]
    public async Task A_frame_that_never_ends_is_held_as_far_as_it_has_come()
    {
        await using var pool = await ProcessPool.StartAsync(new ProcessPoolOptions { Processes = 1, CancellationGracePeriod = TimeSpan.Zero });
        await using var memory = new HostMemory();
        using var scratch = new Scratch();
        var written = scratch.Mark("written");
        using var end = new CancellationTokenSource();

        var call = pool.ApplyAsync(BeginFrames, written, cancellationToken: end.Token);
        await Eventually.TrueAsync(() => written.IsSet);
        Assert.InRange(memory.Growth, long.MinValue, Small);

        await end.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
        Assert.Equal(1, await pool.RunAsync(static () => 1));
        Assert.InRange(memory.Growth, long.MinValue, Small);
    }

    [Spec]
    public async Task A_worker_that_reports_without_credit_is_ended()
    {
        var progress = new Slow();
        await AttackAsync(pool => pool.ApplyAsync(ReportWithoutEnd, (IProgress<byte[]>)progress), "without credit", Small);
    }

    [Spec]
    public async Task Log_lines_in_great_number_and_of_many_categories_cost_no_memory()
    {
        using var logs = new CollectingLoggerFactory();
        await using var pool = await ProcessPool.StartAsync(new ProcessPoolOptions { Processes = 1, LoggerFactory = new Counting() });
        await using var memory = new HostMemory();

        Assert.Equal(20_000, await pool.RunAsync(static () => LogWithoutEnd()));

        Assert.InRange(memory.Growth, long.MinValue, Small);
        Assert.InRange(Counting.Categories, 1, 1_100);
    }

    private static Task AttackAsync(Action attack, string reason, long most, ProcessPoolOptions? options = null) =>
        AttackAsync(pool => pool.RunAsync(attack), reason, most, options);

    private static async Task AttackAsync(Func<ProcessPool, Task> attack, string reason, long most, ProcessPoolOptions? options = null)
    {
        using var logs = new CollectingLoggerFactory();
        await using var pool = await ProcessPool.StartAsync((options ?? new ProcessPoolOptions()) with { Processes = 2, LoggerFactory = logs });
        await using var memory = new HostMemory();

        var lost = await Assert.ThrowsAsync<WorkerLostException>(() => attack(pool));

        Assert.InRange(memory.Growth, long.MinValue, most);
        var line = Assert.Single(logs.Lines, static line => line.Event.Id == Ended);
        Assert.Contains($"process {lost.ProcessId}", line.Message, StringComparison.Ordinal);
        Assert.Contains(reason, line.Message, StringComparison.Ordinal);
        Assert.Equal(Enumerable.Range(0, 20), await pool.MapAsync(static (int i) => i, Enumerable.Range(0, 20)));
    }

    private static void AskWithoutEnd()
    {
        var link = new OwnLink();
        link.StopReading();
        for (var id = 1; link.WriteFrame(OwnLink.Request(id, "nothing")); id++)
        {
        }

        Thread.Sleep(Timeout.Infinite);
    }

    private static void PlaceWithoutEnd()
    {
        var link = new OwnLink();
        link.StopReading();
        var head = (byte[])[0x83, 0xa7, .. "jsonrpc"u8, 0xa3, .. "2.0"u8, 0xa6, .. "method"u8, 0xa4, .. "done"u8, 0xa6, .. "params"u8, 0x91, 0xc6, 0, 0, 0, 0];
        var records = new byte[37 * 1_000];
        for (var i = 0; i < 1_000; i++)
        {
            var record = records.AsSpan(37 * i);
            BinaryPrimitives.WriteInt64LittleEndian(record, OwnLink.FirstUnit);
            record[8] = 4;
            record[13] = 1;
            record[17] = 16;
        }

        BinaryPrimitives.WriteInt32BigEndian(head.AsSpan(head.Length - 4), records.Length);
        while (link.WriteFrame([.. head, .. records]))
        {
        }

        Thread.Sleep(Timeout.Infinite);
    }

    private static void ClaimTwoGigabytes()
    {
        var link = new OwnLink();
        link.StopReading();
        link.WriteFrame(new byte[100], claimed: Array.MaxLength);
        while (link.WriteRaw(new byte[1 << 20]))
        {
        }

        Thread.Sleep(Timeout.Infinite);
    }

    private static void WriteNonsense()
    {
        var link = new OwnLink();
        link.StopReading();
        link.WriteFrame([], claimed: 1 << 26);
        for (var i = 0; i < 64; i++)
        {
            link.WriteRaw(new byte[1 << 20]);
        }

        Thread.Sleep(Timeout.Infinite);
    }

    private static void BeginFrames(Mark written)
    {
        var link = new OwnLink();
        link.StopReading();
        link.WriteFrame([], claimed: 1 << 26);
        for (var i = 0; i < 1_000; i++)
        {
            link.WriteRaw(new byte[1 + (i * 10)]);
        }

        written.Set();
        Thread.Sleep(Timeout.Infinite);
    }

    private static void LogTooMuch()
    {
        new OwnLink().Notify("log", 1, 1, "", "category", new string('x', 5_000_000), "", Array.Empty<string>(), 0L);
        Thread.Sleep(Timeout.Infinite);
    }

    private static void CallALongName()
    {
        var link = new OwnLink();
        link.StopReading();
        byte[] name = [0xdb, 0, 0x10, 0, 0, .. new byte[1 << 20]];
        link.WriteFrame([0x84, 0xa7, .. "jsonrpc"u8, 0xa3, .. "2.0"u8, 0xa2, .. "id"u8, 1, 0xa6, .. "method"u8, .. name, 0xa6, .. "params"u8, 0x90]);
        Thread.Sleep(Timeout.Infinite);
    }

    private static void SendParts()
    {
        var link = new OwnLink();
        for (var i = 0; i < 100; i++)
        {
            link.Notify("part", link.Unit, new ReadOnlyMemory<byte>(new byte[1 << 22]));
        }

        Thread.Sleep(Timeout.Infinite);
    }

    private static void MixParts()
    {
        var link = new OwnLink();
        link.Notify("part", link.Unit, new ReadOnlyMemory<byte>(new byte[1 << 20]));
        link.Notify("part", link.Unit + 1, new ReadOnlyMemory<byte>(new byte[1 << 20]));
        Thread.Sleep(Timeout.Infinite);
    }

    private static void BreakOffParts()
    {
        var link = new OwnLink();
        link.Notify("part", link.Unit, new ReadOnlyMemory<byte>(new byte[1 << 20]));
        link.Done(link.Unit + 1, 0, 0, 1, new byte[10]);
        Thread.Sleep(Timeout.Infinite);
    }

    private static int SendPartsOfNobody()
    {
        var link = new OwnLink();
        for (var i = 0; i < 200; i++)
        {
            link.Notify("part", OwnLink.FirstUnit, new ReadOnlyMemory<byte>(new byte[1 << 22]));
        }

        link.Done(OwnLink.FirstUnit, 0, 0, 1, new byte[10]);
        return 7;
    }

    private static void ReportWithoutEnd(IProgress<byte[]> progress)
    {
        progress.Report([1]);
        var link = new OwnLink();
        for (var i = 0; i < 100_000; i++)
        {
            link.Notify("report", link.Unit, 1, new ReadOnlyMemory<byte>(new byte[10_000]));
        }

        Thread.Sleep(Timeout.Infinite);
    }

    private static int LogWithoutEnd()
    {
        var link = new OwnLink();
        var text = new string('x', 10_000);
        for (var i = 0; i < 20_000; i++)
        {
            link.Notify("log", 1, 1, "", "category " + i, text, "", Array.Empty<string>(), 0L);
        }

        return 20_000;
    }

    /// <summary>Is at its first value for a while: what is reported meanwhile waits, and so does the end of the call.</summary>
    private sealed class Slow : IProgress<byte[]>
    {
        private bool _hasBegun;

        public void Report(byte[] value)
        {
            if (!_hasBegun)
            {
                _hasBegun = true;
                Thread.Sleep(2_000);
            }
        }
    }

    private sealed class Counting : Microsoft.Extensions.Logging.ILoggerFactory
    {
        private static int _categories;

        public static int Categories => _categories;

        public void AddProvider(Microsoft.Extensions.Logging.ILoggerProvider provider)
        {
        }

        public Microsoft.Extensions.Logging.ILogger CreateLogger(string categoryName)
        {
            Interlocked.Increment(ref _categories);
            return Microsoft.Extensions.Logging.Abstractions.NullLogger.Instance;
        }

        public void Dispose()
        {
        }
    }
}
