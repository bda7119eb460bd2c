using System.Collections;
using System.Runtime.Serialization;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

#pragma warning disable SYSLIB0050, CA1848

namespace MultiProc.Specs.Boundary;

/// <summary>How objects cross to a real worker, where hash codes are others and statics have not been set.</summary>
public sealed class CopyRuleSpecs : PoolSpec
{
    [Spec]
    public async Task Money_that_says_its_own_state_arrives_as_the_same_amount()
    {
        await using var pool = await ProcessPool.StartAsync(1);
        Assert.Equal("5 EUR", await pool.ApplyAsync(static (Money money) => money.ToString(), new Money(5, "EUR")));
        Assert.Equal("10 EUR", (await pool.ApplyAsync(static (Money money) => money.Twice(), new Money(5, "EUR"))).ToString());
    }

    [Spec]
    public async Task Table_of_somebody_else_finds_its_keys_in_the_worker_and_back_home()
    {
        await using var pool = await ProcessPool.StartAsync(1);
        var table = new Buckets(Enumerable.Range(0, 200).Select(static i => $"key {i}"));
        Assert.Equal(200, await pool.ApplyAsync(static (Buckets table) => Enumerable.Range(0, 200).Count(i => table.Contains($"key {i}")), table));
        var made = await pool.RunAsync(static () => new Buckets(["a", "b"]));
        Assert.True(made.Contains("a") && made.Contains("b"));
    }

    [Spec]
    public async Task Table_with_more_than_the_table_is_refused_by_name_in_both_directions()
    {
        await using var pool = await ProcessPool.StartAsync(1);
        var refusal = await Assert.ThrowsAsync<NotSerializableException>(() => pool.ApplyAsync(static (Titled titled) => titled.Title, new Titled("t", Keys())));
        Assert.Equal(typeof(Titled), refusal.Type);
        Assert.Contains("WithSurrogate", refusal.Message);
        refusal = await Assert.ThrowsAsync<NotSerializableException>(() => pool.RunAsync(static () => new Titled("t", Keys())));
        Assert.Equal(typeof(Titled), refusal.Type);
    }

    [SpecTheory]
    [InlineData(1)]
    [InlineData(0)]
    public async Task Rules_of_the_pool_hold_in_both_directions(int processes)
    {
        var options = new ProcessPoolOptions { Processes = processes }
            .WithSurrogate<Connection, string>(static connection => connection.Address, static address => new Connection(address + "!"))
            .WithInitializer(static connection => State.Initial = connection.Address, new Connection("init"));
        await using var pool = await ProcessPool.StartAsync(options);
        Assert.Equal("init!", await pool.RunAsync(static () => State.Initial));
        Assert.Equal("a!", await pool.ApplyAsync(static (Connection connection) => connection.Address, new Connection("a")));
        Assert.Equal("a!!", (await pool.ApplyAsync(static (Connection connection) => connection, new Connection("a"))).Address);
        var captured = new Connection("c");
        Assert.Equal("c!", await pool.RunAsync(() => captured.Address));
        Assert.Equal(["x!!", "y!!"], (await pool.MapAsync(static (Connection connection) => connection, [new Connection("x"), new Connection("y")])).Select(static connection => connection.Address));
        List<string> reports = [];
        IProgress<Connection> progress = new Reports(reports);
        await pool.ApplyAsync(static (IProgress<Connection> progress) => progress.Report(new Connection("p")), progress);
        Assert.Equal(["p!"], reports);
        var failure = await Assert.ThrowsAsync<ConnectionFailure>(() => pool.RunAsync(static () => throw new ConnectionFailure { Connection = new Connection("f") }));
        Assert.Equal("f!", failure.Connection?.Address);
    }

    [Spec]
    public async Task Items_of_a_shared_queue_know_no_rules_and_the_refusal_says_so()
    {
        await using var pool = await ProcessPool.StartAsync(new ProcessPoolOptions { Processes = 1 }
            .WithSurrogate<Stuck, int>(static _ => 1, static _ => new Stuck()));
        using var queue = new SharedQueue<Stuck>();
        var refusal = await Assert.ThrowsAsync<NotSerializableException>(async () => await queue.EnqueueAsync(new Stuck(), TestContext.Current.CancellationToken));
        Assert.Contains("shared queue", refusal.Message);
        Assert.Contains("WithSurrogate", refusal.Message);
    }

    [Spec]
    public async Task Logger_that_is_passed_writes_to_that_very_logger()
    {
        var logger = new Lines();
        await using var pool = await ProcessPool.StartAsync(new ProcessPoolOptions { Processes = 1 }
            .WithInitializer(static log => State.Log = log, (ILogger)logger));
        await pool.ApplyAsync(static (ILogger<CopyRuleSpecs> log) =>
        {
            using (log.BeginScope("scope"))
            {
                log.LogWarning(new EventId(7, "seven"), new InvalidOperationException("why"), "hello {Name}", "ada");
            }
        }, (ILogger<CopyRuleSpecs>)logger);
        await pool.RunAsync(static () => State.Log!.LogInformation("kept"));
        await Eventually.TrueAsync(() => logger.Texts.Count == 2);
        Assert.Equal("Warning 7 seven [scope] hello ada why", logger.Texts[0]);
        Assert.Equal("Information 0  [] kept ", logger.Texts[1]);
    }

    [Spec]
    public async Task Options_cross_as_their_value()
    {
        await using var pool = await ProcessPool.StartAsync(1);
        Assert.Equal("n", await pool.ApplyAsync(static (IOptions<Settings> options) => options.Value.Name, Options.Create(new Settings { Name = "n" })));
    }

    private static string[] Keys() => [.. Enumerable.Range(0, 200).Select(static i => $"key {i}")];

    private static class State
    {
        public static string? Initial { get; set; }

        public static ILogger? Log { get; set; }
    }

    private sealed class Money : ISerializable
    {
        [NonSerialized]
        private readonly decimal _amount;

        [NonSerialized]
        private readonly string _currency;

        public Money(decimal amount, string currency) => (_amount, _currency) = (amount, currency);

        private Money(SerializationInfo info, StreamingContext context) => (_amount, _currency) = (info.GetDecimal("amount"), info.GetString("currency")!);

        public Money Twice() => new(_amount * 2, _currency);

        public void GetObjectData(SerializationInfo info, StreamingContext context)
        {
            info.AddValue("amount", _amount);
            info.AddValue("currency", _currency);
        }

        public override string ToString() => $"{_amount} {_currency}";
    }

    private class Buckets : IEnumerable<string>
    {
        private readonly string[][] _buckets = [.. Enumerable.Repeat(Array.Empty<string>(), 64)];

        public Buckets(IEnumerable<string> items)
        {
            foreach (var item in items)
            {
                ref var bucket = ref _buckets[(uint)item.GetHashCode(StringComparison.Ordinal) % 64];
                bucket = [.. bucket, item];
            }
        }

        public bool Contains(string item) => _buckets[(uint)item.GetHashCode(StringComparison.Ordinal) % 64].Contains(item);

        public IEnumerator<string> GetEnumerator() => _buckets.SelectMany(static bucket => bucket).GetEnumerator();

        IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
    }

    private sealed class Titled(string title, IEnumerable<string> items) : Buckets(items)
    {
        public string Title { get; } = title;
    }

    private sealed class Connection(string address)
    {
        private readonly Task _reader = Task.CompletedTask;

        public string Address { get; } = address;

        public bool IsOpen => _reader.IsCompleted;
    }

    private sealed class ConnectionFailure : Exception
    {
        public Connection? Connection { get; init; }
    }

    private sealed class Stuck
    {
        public Task Work { get; } = Task.CompletedTask;
    }

    private sealed class Settings
    {
        public string Name { get; set; } = "";
    }

    private sealed class Reports(List<string> reports) : IProgress<Connection>
    {
        public void Report(Connection value) => reports.Add(value.Address);
    }

    private sealed class Lines : ILogger<CopyRuleSpecs>
    {
        private readonly AsyncLocal<string> _scope = new();

        public List<string> Texts { get; } = [];

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull
        {
            if (state is string text)
            {
                _scope.Value = text;
            }

            return null;
        }

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            lock (Texts)
            {
                Texts.Add($"{logLevel} {eventId.Id} {eventId.Name} [{_scope.Value}] {formatter(state, exception)} {exception?.Message.Split(": ")[^1].Split(Environment.NewLine)[0]}");
            }

            _scope.Value = "";
        }
    }
}
