namespace MultiProc.Attacks.Doors;

/// <summary>Hosts whose file descriptors run out while they have pools.</summary>
public sealed class DescriptorSpecs : PoolSpec
{
    private const string Info = """{"jsonrpc":"2.0","id":1,"method":"pool/info"}""";
    private const string Limit = "ulimit -n 220";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Spec]
    public async Task The_control_pipe_is_answered_again_when_descriptors_are_back()
    {
        SkipElsewhere();
        using var scratch = new Scratch();
        using var host = Start(scratch, nameof(SpecHost.Scenarios.DescriptorsAsTold));
        var pipe = await ReadAsync(host);
        await ExpectAsync(host, "take", "taken");

        // The system lets it in; the host cannot take it in.
        using var client = RawClient.To(Path.Combine(scratch.Path, $"multiproc-{Environment.UserName}", pipe));
        await client.SendAsync(Info);
        Assert.Contains("control pipe", await ReadLogAsync(host), StringComparison.Ordinal);
        Assert.True(int.TryParse(await AskAsync(host, "call"), out _));
        await ExpectAsync(host, "give back", "given back");

        Assert.Equal(1, (await client.ReadAsync())!.Value.GetProperty("id").GetInt32());
        using var next = RawClient.To(Path.Combine(scratch.Path, $"multiproc-{Environment.UserName}", pipe));
        await next.SendAsync(Info);
        Assert.NotNull(await next.ReadAsync());
        await ExpectEndAsync(host, scratch);
    }

    [Spec]
    public async Task A_pool_ends_as_usual_where_no_descriptor_is_left()
    {
        SkipElsewhere();
        using var scratch = new Scratch();
        using var host = Start(scratch, nameof(SpecHost.Scenarios.DescriptorsAsTold));
        var pipe = await ReadAsync(host);
        await ExpectAsync(host, "take", "taken");
        using var client = RawClient.To(Path.Combine(scratch.Path, $"multiproc-{Environment.UserName}", pipe));
        await ReadLogAsync(host);

        await ExpectEndAsync(host, scratch);
    }

    [Spec]
    public async Task A_lost_worker_is_replaced_once_descriptors_are_back_and_what_was_missing_is_said()
    {
        SkipElsewhere();
        using var scratch = new Scratch();
        using var host = Start(scratch, nameof(SpecHost.Scenarios.DescriptorsForReplacement));

        var ended = await host.EndAsync();

        // A worker whose connection could not be taken may say that before it is killed.
        Assert.Equal((0, SpecHost.Scenarios.LastLine), (ended.ExitCode, ended.Lines[^1]));
        Assert.All(ended.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries), static line => Assert.Contains("could not join its pool", line, StringComparison.Ordinal));
        Assert.NotEmpty(ended.Lines[..^1]);
        Assert.All(ended.Lines[..^1], static line => Assert.Contains("The file descriptors have run out", line, StringComparison.Ordinal));
    }

    [SpecTheory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(9)]
    [InlineData(27)]
    public async Task Whatever_few_are_left_a_pool_that_cannot_start_says_that(int left)
    {
        SkipElsewhere();

        var ended = await Surroundings.RunAsync($"{Limit}; export LEFT={left}", nameof(SpecHost.Scenarios.DescriptorsForStart));

        Assert.Equal(("", 0), (ended.Error, ended.ExitCode));
        Assert.Contains("too few file descriptors", ended.Lines[^1], StringComparison.Ordinal);
    }

    [SpecTheory]
    [InlineData(24)]
    [InlineData(32)]
    [InlineData(40)]
    public async Task The_command_says_so_instead_of_what_the_runtime_would(int descriptors)
    {
        SkipElsewhere();

        var ended = await Started.ToEndAsync("/bin/sh", "-c", $"ulimit -n {descriptors}; exec {Built.Multiproc} ps");

        Assert.Equal((1, ""), (ended.ExitCode, ended.Output));
        Assert.StartsWith($"multiproc: There are too few file descriptors: this process may open {descriptors} (RLIMIT_NOFILE)", ended.Error, StringComparison.Ordinal);
        Assert.Contains("Raise the limit: ulimit -n", ended.Error, StringComparison.Ordinal);
    }

    private static void SkipElsewhere() => Assert.SkipUnless(OperatingSystem.IsLinux(), "Elsewhere it is not looked at.");

    private static Started Start(Scratch scratch, string scenario) =>
        Started.In(scratch.Path, "/bin/bash", "-c", $"{Limit}; exec dotnet exec {Surroundings.HostFile} {scenario}");

    private static async Task<string> ReadAsync(Started host) => await host.Output.ReadLineAsync(Token) ?? "";

    private static async Task<string> ReadLogAsync(Started host)
    {
        var line = await ReadAsync(host);
        Assert.StartsWith("log ", line, StringComparison.Ordinal);
        return line;
    }

    private static async Task<string> AskAsync(Started host, string order)
    {
        await host.WriteLineAsync(order);
        string answer;
        do
        {
            answer = await ReadAsync(host);
        }
        while (answer.StartsWith("log ", StringComparison.Ordinal));
        return answer;
    }

    private static async Task ExpectAsync(Started host, string order, string answer) => Assert.Equal(answer, await AskAsync(host, order));

    private static async Task ExpectEndAsync(Started host, Scratch scratch)
    {
        await ExpectAsync(host, "end", SpecHost.Scenarios.LastLine);
        var ended = await host.EndAsync();
        Assert.Equal((0, ""), (ended.ExitCode, ended.Error));

        // Nothing of the pool. What the runtimes of killed workers leave is deleted where there is a descriptor to look for it with.
        Assert.DoesNotMatch("multiproc-|/mp-[^/]*$", string.Join('\n', Directory.EnumerateFiles(scratch.Path, "*", SearchOption.AllDirectories).Select(file => file[scratch.Path.Length..])));
        Assert.Empty(ProcessTable.Below(host.Id));
    }
}
