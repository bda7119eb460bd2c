using System.Diagnostics;
using System.Text;

namespace MultiProc.Attacks.Doors;

/// <summary>Clients of the control pipe, of the same user, that send nonsense, too much, or read nothing.</summary>
public sealed class ControlSpecs : PoolSpec
{
    private const string Info = """{"jsonrpc":"2.0","id":1,"method":"pool/info"}""";
    private const long Megabyte = 1_000_000;

    private static readonly (string Json, int Code, string Id)[] NoRequests =
    [
        ("{bad", -32700, "null"),
        ("", -32700, "null"),
        ("\"\\ud8\"", -32700, "null"),
        ("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"pool/info\"} {}", -32700, "null"),
        ("42", -32600, "null"),
        ("[]", -32600, "null"),
        ("[{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"pool/info\"}]", -32600, "null"),
        ("{}", -32600, "null"),
        ("{\"jsonrpc\":\"2.0\",\"id\":7}", -32600, "7"),
        ("{\"jsonrpc\":\"1.0\",\"id\":7,\"method\":\"pool/info\"}", -32600, "7"),
        ("{\"jsonrpc\":\"2.0\",\"id\":7,\"method\":5}", -32600, "7"),
        ("{\"jsonrpc\":\"2.0\",\"id\":[],\"method\":\"pool/info\"}", -32600, "null"),
        ("{\"jsonrpc\":\"2.0\",\"id\":7,\"id\":8,\"method\":\"pool/info\"}", -32600, "8"),
        ("{\"jsonrpc\":\"2.0\",\"id\":7,\"method\":\"pool/info\",\"params\":5}", -32600, "7"),
        ("{\"jsonrpc\":\"2.0\",\"id\":\"a\",\"method\":\"pool/nothing\"}", -32601, "\"a\""),
        ("{\"jsonrpc\":\"2.0\",\"id\":7,\"method\":\"$/enumerator/next\",\"params\":{}}", -32601, "7"),
        ("{\"jsonrpc\":\"2.0\",\"id\":7,\"method\":\"pool/info\",\"params\":[5]}", -32602, "7"),
        ("{\"jsonrpc\":\"2.0\",\"id\":7,\"method\":\"pool/subscribe\",\"params\":{\"interval\":\"x\"}}", -32602, "7"),
        ("{\"jsonrpc\":\"2.0\",\"id\":7,\"method\":\"pool/call\",\"params\":{\"function\":5}}", -32602, "7"),
        ("{\"jsonrpc\":\"2.0\",\"id\":7,\"method\":\"pool/call\"}", -32602, "7"),
        ("{\"jsonrpc\":\"2.0\",\"id\":7,\"method\":\"pool/map\",\"params\":{\"function\":\"f\",\"items\":3}}", -32602, "7"),
        ("{\"jsonrpc\":\"2.0\",\"id\":7,\"method\":\"pool/resize\",\"params\":{\"processes\":1e99}}", -32602, "7"),
        ("{\"jsonrpc\":\"2.0\",\"id\":7,\"method\":\"pool/kill\",\"params\":{\"slot\":99}}", -32602, "7"),
    ];

    private static readonly string[] NoHeaders =
    [
        "Content-Length: 2000000000\r\n\r\n",
        "Content-Length: 99999999999999999999\r\n\r\n",
        "Content-Length: -1\r\n\r\n",
        "Content-Length: 1\r\nContent-Length: 2\r\n\r\n",
        "Content-Type: application/vscode-jsonrpc; charset=utf-16\r\nContent-Length: 2\r\n\r\n{}",
        "GET / HTTP/1.1\r\n\r\n",
        "\r\n\r\n",
    ];

    // Four times what is promised.
    private static readonly TimeSpan AnswersWithin = TimeSpan.FromSeconds(8);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Spec]
    public async Task What_is_no_request_is_answered_with_the_error_that_it_is_and_the_connection_goes_on()
    {
        await using var pool = await ProcessPool.StartAsync(1, Token);
        foreach (var (json, code, id) in NoRequests)
        {
            using var client = RawClient.To(pool);

            await client.SendAsync(json);
            Assert.Equal((json, code, id), await client.ReadErrorAsync() is var (told, of) ? (json, told, of) : default);

            await client.SendAsync(Info);
            Assert.Equal(1, (await client.ReadAsync())!.Value.GetProperty("id").GetInt32());
        }
    }

    [Spec]
    public async Task A_header_that_is_none_or_announces_too_much_ends_its_connection_with_the_reason()
    {
        await using var pool = await ProcessPool.StartAsync(1, Token);
        foreach (var header in NoHeaders)
        {
            using var client = RawClient.To(pool);

            await client.SendBytesAsync(Encoding.ASCII.GetBytes(header));

            Assert.Equal((header, -32600), (header, (await client.ReadErrorAsync()).Code));
            Assert.Null(await client.ReadAsync());
            await ExpectAnswerAsync(pool);
        }
    }

    [Spec]
    public async Task An_endless_header_ends_its_connection_soon()
    {
        await using var pool = await ProcessPool.StartAsync(1, Token);
        using var oneLine = RawClient.To(pool);
        using var manyLines = RawClient.To(pool);

        Assert.InRange(await oneLine.FloodAsync([.. Enumerable.Repeat((byte)'a', 100_000)], 100 * Megabyte), 0, 10 * Megabyte);
        Assert.InRange(await manyLines.FloodAsync(Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat("a: b\r\n", 10_000))), 100 * Megabyte), 0, 10 * Megabyte);
        await ExpectAnswerAsync(pool);
    }

    [Spec]
    public async Task Memory_grows_with_what_has_arrived_and_not_with_what_is_announced()
    {
        await using var pool = await ProcessPool.StartAsync(1, Token);
        var clients = Enumerable.Range(0, 20).Select(_ => RawClient.To(pool)).ToArray();
        var before = GC.GetTotalMemory(forceFullCollection: true);
        foreach (var client in clients)
        {
            await client.SendBytesAsync("Content-Length: 67000000\r\n\r\n{"u8.ToArray());
        }

        await ExpectAnswerAsync(pool);
        Assert.InRange(GC.GetTotalMemory(forceFullCollection: true) - before, long.MinValue, 20 * Megabyte);
        Array.ForEach(clients, static client => client.Dispose());
    }

    [Spec]
    public async Task Messages_that_never_end_are_bounded_for_the_pool_as_a_whole()
    {
        await using var pool = await ProcessPool.StartAsync(1, Token);
        var clients = Enumerable.Range(0, 12).Select(_ => RawClient.To(pool)).ToArray();
        var block = new byte[1 << 20];
        var sent = 0L;
        foreach (var client in clients)
        {
            await client.SendBytesAsync("Content-Length: 67108864\r\n\r\n"u8.ToArray());
            sent += await client.FloodAsync(block, 60 * Megabyte);
        }

        Assert.InRange(GC.GetTotalMemory(forceFullCollection: true), 0, 500 * Megabyte);
        Assert.InRange(sent, 100 * Megabyte, 700 * Megabyte);
        Array.ForEach(clients, static client => client.Dispose());
        await ExpectAnswerAsync(pool);
    }

    [Spec]
    public async Task Three_hundred_subscribers_that_never_read_delay_nobody()
    {
        await using var pool = await ProcessPool.StartAsync(1, Token);
        var clients = Enumerable.Range(0, 300).Select(_ => RawClient.To(pool)).ToArray();
        foreach (var client in clients)
        {
            await client.SendAsync("""{"jsonrpc":"2.0","id":1,"method":"pool/subscribe","params":{"interval":0.02}}""");
        }

        for (var i = 0; i < 3; i++)
        {
            await ExpectAnswerAsync(pool);
        }

        Array.ForEach(clients, static client => client.Dispose());
    }

    [Spec]
    public async Task Requests_whose_answers_are_never_read_are_bounded_and_end_with_their_client()
    {
        await using var pool = await ProcessPool.StartAsync(1, Token);
        using var client = RawClient.To(pool);
        var many = string.Concat(Enumerable.Range(0, 10_000).Select(static id => Encoding.UTF8.GetString(RawClient.Framed($$"""{"jsonrpc":"2.0","id":{{id}},"method":"pool/info"}"""))));

        var taken = await client.FloodAsync(Encoding.UTF8.GetBytes(many), 200 * Megabyte);

        Assert.InRange(taken, 0, 20 * Megabyte);
        Assert.InRange(GC.GetTotalMemory(forceFullCollection: true), 0, 300 * Megabyte);
        await ExpectAnswerAsync(pool);
    }

    [Spec]
    public async Task Two_requests_of_one_id_are_told_apart_and_notifications_do_nothing()
    {
        using var scratch = new Scratch();
        var goOn = scratch.Mark("go");
        await using var pool = await ProcessPool.StartAsync(new ProcessPoolOptions
        {
            Processes = 1,
            ServedFunctions = new ServedFunctions
            {
                Names = ["wait"],
                CallAsync = async (call, token) =>
                {
                    await call.Pool.ApplyAsync(static mark => mark.Wait(), goOn, cancellationToken: token);
                    return "\"done\"";
                },
            },
        }, Token);
        using var client = RawClient.To(pool);
        const string Call = """{"jsonrpc":"2.0","id":5,"method":"pool/call","params":{"function":"wait"}}""";

        await client.SendAsync(Call.Replace("\"id\":5,", "", StringComparison.Ordinal));
        await client.SendAsync(Call);
        await client.SendAsync(Call);
        Assert.Equal((-32600, "null"), await client.ReadErrorAsync());
        goOn.Set();

        Assert.Equal("done", (await client.ReadAsync())!.Value.GetProperty("result").GetString());
        await Eventually.TrueAsync(() => pool.Statistics.Completed == 1);
        await client.SendAsync(Info);
        Assert.Equal(1, (await client.ReadAsync())!.Value.GetProperty("result").GetProperty("statistics").GetProperty("completed").GetInt32());
    }

    [SpecTheory]
    [InlineData("5")]
    [InlineData("0")]
    [InlineData("\"a\"")]
    public async Task A_request_is_cancelled_by_its_id(string id)
    {
        await using var pool = await ProcessPool.StartAsync(new ProcessPoolOptions
        {
            Processes = 1,
            ServedFunctions = new ServedFunctions
            {
                Names = ["wait"],
                CallAsync = static async (call, token) =>
                {
                    await Task.Delay(Timeout.Infinite, token);
                    return "";
                },
            },
        }, Token);
        using var client = RawClient.To(pool);

        await client.SendAsync($$"""{"jsonrpc":"2.0","id":{{id}},"method":"pool/call","params":{"function":"wait"} }""");
        await client.SendAsync($$"""{"jsonrpc":"2.0","method":"$/cancelRequest","params":{"id":{{id}} } }""");

        Assert.Equal((-32800, id), await client.ReadErrorAsync());
    }

    [Spec]
    public async Task A_client_that_comes_before_the_functions_are_known_is_answered_when_they_are()
    {
        var names = new List<string>();
        var ready = new TaskCompletionSource();
        await using var pool = await ProcessPool.StartAsync(new ProcessPoolOptions
        {
            Processes = 1,
            ServedFunctions = new ServedFunctions { Names = names, Ready = ready.Task, CallAsync = static (call, _) => Task.FromResult($"\"{call.Function}\"") },
        }, Token);
        using var client = RawClient.To(pool);
        using var second = RawClient.To(pool);
        using var third = RawClient.To(pool);

        await client.SendAsync("""{"jsonrpc":"2.0","id":1,"method":"pool/call","params":{"function":"late"}}""");
        await second.SendAsync("""{"jsonrpc":"2.0","id":1,"method":"pool/functions"}""");
        await third.SendAsync("""{"jsonrpc":"2.0","id":1,"method":"pool/map","params":{"function":"late","items":[[]]}}""");
        await ExpectAnswerAsync(pool);
        names.Add("late");
        ready.SetResult();

        Assert.Equal("late", (await client.ReadAsync())!.Value.GetProperty("result").GetString());
        Assert.Equal("late", Assert.Single((await second.ReadAsync())!.Value.GetProperty("result").GetProperty("functions").EnumerateArray()).GetString());
        Assert.Contains("late", (await third.ReadAsync())!.Value.GetProperty("result").GetRawText(), StringComparison.Ordinal);
    }

    [Spec]
    public async Task There_are_so_many_connections_and_no_more()
    {
        const int Most = 512;
        await using var pool = await ProcessPool.StartAsync(1, Token);
        var clients = Enumerable.Range(0, Most + 20).Select(_ => RawClient.To(pool)).ToArray();

        // Taken in their order: the last ones find no room.
        Assert.Null(await clients[^1].ReadAsync());
        await clients[0].SendAsync(Info);
        Assert.NotNull(await clients[0].ReadAsync());

        Array.ForEach(clients, static client => client.Dispose());
        await Eventually.TrueAsync(() => PoolConnection.ListAsync(Token).GetAwaiter().GetResult().Any(found => found.IsResponding && found.ProcessId == Environment.ProcessId));
    }

    private static async Task ExpectAnswerAsync(ProcessPool pool)
    {
        var began = Stopwatch.GetTimestamp();
        using var client = RawClient.To(pool);
        await client.SendAsync(Info);
        Assert.NotNull(await client.ReadAsync());
        Assert.InRange(Stopwatch.GetElapsedTime(began), TimeSpan.Zero, AnswersWithin);
    }
}
