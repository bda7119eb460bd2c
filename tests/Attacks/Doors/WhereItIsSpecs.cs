namespace MultiProc.Attacks.Doors;

/// <summary>The directory of the control pipes: one place, of one user.</summary>
public sealed class WhereItIsSpecs : PoolSpec
{
    // No system has a name for it.
    private const int Nameless = 54_321;

    private const string Idle = nameof(SpecHost.Scenarios.Idle);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Spec]
    public async Task With_a_runtime_directory_nothing_else_is_looked_at_and_without_it_that_is_not()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "There pipes are no files.");
        using var temporary = new Scratch();
        using var runtime = new Scratch();
        using var other = new Poser(temporary.Path, Poser.Result("""{"name":"elsewhere","processId":4711}"""));
        using var host = await StartAsync(temporary, $"XDG_RUNTIME_DIR={runtime.Path}", "dotnet", "exec", Surroundings.HostFile, Idle);

        var inside = await AskAsync(temporary, $"XDG_RUNTIME_DIR={runtime.Path}");
        var outside = await AskAsync(temporary, "XDG_RUNTIME_DIR=");

        Assert.StartsWith($"{host.Id}-1-", Path.GetFileName(Assert.Single(Directory.GetFiles(Path.Combine(runtime.Path, "multiproc")))), StringComparison.Ordinal);
        Assert.Contains(host.Id.ToString(System.Globalization.CultureInfo.InvariantCulture), inside.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("elsewhere", inside.Output, StringComparison.Ordinal);
        Assert.Contains("elsewhere", outside.Output, StringComparison.Ordinal);
        Assert.DoesNotContain($"{host.Id}-1-", outside.Output, StringComparison.Ordinal);
        Assert.DoesNotContain($" {host.Id} ", outside.Output, StringComparison.Ordinal);
    }

    [Spec]
    public async Task A_user_whom_the_system_has_no_name_for_has_a_directory_by_number()
    {
        Assert.SkipWhen(Stranger.Obstacle is not null, Stranger.Obstacle ?? "");
        using var temporary = new Scratch();
        Owner.Give(temporary.Path, Nameless);
        string[] asNameless = ["setpriv", $"--reuid={Nameless}", $"--regid={Nameless}", "--clear-groups", "--inh-caps=+dac_override", "--ambient-caps=+dac_override"];

        // What was built here may be in a folder that only root may look into; and so may HOME.
        using var host = await StartAsync(temporary, ["HOME=/", .. asNameless, "dotnet", "exec", Surroundings.HostFile, Idle]);
        using var asking = Started.In(temporary.Path, "env", ["HOME=/", .. asNameless, Built.Multiproc, "ps"]);
        var listed = await asking.EndAsync();

        Assert.Equal([$"multiproc-{Nameless}"], Directory.GetDirectories(temporary.Path, "multiproc-*").Select(Path.GetFileName));
        Assert.Equal((0, ""), (listed.ExitCode, listed.Error));
        Assert.Contains($" {host.Id} ", listed.Output, StringComparison.Ordinal);
    }

    private static async Task<Started> StartAsync(Scratch temporary, params string[] command)
    {
        var host = Started.In(temporary.Path, "env", command);
        string? line;
        do
        {
            line = await host.Output.ReadLineAsync(Token);
            Assert.NotNull(line);
        }
        while (line != "ready");
        return host;
    }

    private static async Task<Ended> AskAsync(Scratch temporary, string variable)
    {
        using var started = Started.In(temporary.Path, "env", variable, Built.Multiproc, "ps");
        return await started.EndAsync();
    }
}
