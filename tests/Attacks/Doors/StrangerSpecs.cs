using Microsoft.Extensions.Logging;

namespace MultiProc.Attacks.Doors;

/// <summary>Processes of another user at the sockets of a pool.</summary>
public sealed class StrangerSpecs : PoolSpec
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const int ClientRejected = 3011;
    private const int WorkerStrangerRejected = 1050;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private static string ControlDirectory => Path.Combine(Path.GetTempPath(), $"multiproc-{Environment.UserName}");

    [Spec]
    public async Task Another_user_at_the_control_pipe_is_turned_away_and_the_pool_goes_on_listening_and_ends_as_usual()
    {
        Assert.SkipWhen(Stranger.Obstacle is not null, Stranger.Obstacle ?? "");
        using var logs = new CollectingLoggerFactory();
        var pool = await ProcessPool.StartAsync(new ProcessPoolOptions { Processes = 1, Name = "guarded", LoggerFactory = logs }, Token);
        var path = Path.Combine(ControlDirectory, pool.Describe().Address);

        var said = await Stranger.KnockAsync(path, TimeSpan.FromSeconds(10), times: 5);

        Assert.Equal("met 5\n", said);
        Assert.Contains(await PoolConnection.ListAsync(Token), static found => found is { Name: "guarded", IsResponding: true });
        Assert.Equal(1, await pool.RunAsync(static () => 1, cancellationToken: Token));
        await pool.DisposeAsync();
        Assert.False(File.Exists(path));
        Assert.Equal(5, logs.Lines.Count(static line => line.Event.Id == ClientRejected && line.Message.Contains("user id 65534", StringComparison.Ordinal)));
    }

    [Spec]
    public async Task Another_user_at_the_pipe_of_a_starting_worker_does_not_keep_it_from_starting()
    {
        Assert.SkipWhen(Stranger.Obstacle is not null, Stranger.Obstacle ?? "");
        using var logs = new CollectingLoggerFactory();
        var strangers = Stranger.KnockAsync(Path.Combine(Path.GetTempPath(), "mp-*"), TimeSpan.FromSeconds(20), times: 2);
        while (!strangers.IsCompleted)
        {
            await using var pool = await ProcessPool.StartAsync(new ProcessPoolOptions { Processes = 2, LoggerFactory = logs }, Token);
            Assert.Equal(2, (await pool.BroadcastAsync(static () => Environment.ProcessId, cancellationToken: Token)).Distinct().Count());
        }

        Assert.DoesNotContain("answered", await strangers, StringComparison.Ordinal);
        Assert.All(logs.Lines.Where(static line => line.Event.Id == WorkerStrangerRejected), static line => Assert.Equal(LogLevel.Warning, line.Level));
    }

    [Spec]
    public async Task Sockets_are_for_their_owner_alone_whatever_the_umask_is()
    {
        if (!OperatingSystem.IsLinux())
        {
            Assert.Skip("There are no modes of sockets elsewhere.");
            return;
        }

        using var scratch = new Scratch();
        var seen = new HashSet<(bool IsControl, UnixFileMode Mode)>();
        using var serve = Started.In(scratch.Path, "sh", "-c", $"umask 0; exec {Built.Multiproc} serve {Built.Functions} --name open --processes 2");
        using var end = new CancellationTokenSource();
        var watching = Task.Run(() => SocketModes.Watch(scratch.Path, seen, end.Token), Token);
        Assert.StartsWith("Serving 'open'", await serve.Output.ReadLineAsync(Token), StringComparison.Ordinal);
        await end.CancelAsync();
        await watching;

        Assert.Contains((true, OwnerOnly), seen);
        Assert.Contains((false, OwnerOnly), seen);
        Assert.All(seen, static one => Assert.Equal(OwnerOnly, one.Mode));
    }

    [Spec]
    public async Task A_directory_that_others_may_look_into_is_refused_by_its_name()
    {
        if (!OperatingSystem.IsLinux())
        {
            Assert.Skip("There are no modes of directories elsewhere.");
            return;
        }

        using var scratch = new Scratch();
        var directory = Path.Combine(scratch.Path, $"multiproc-{Environment.UserName}");
        Directory.CreateDirectory(directory, OwnerOnly | UnixFileMode.UserExecute | UnixFileMode.OtherRead | UnixFileMode.OtherExecute);

        using var listing = Started.In(scratch.Path, Built.Multiproc, "ps");
        var ended = await listing.EndAsync();

        Assert.Equal(1, ended.ExitCode);
        Assert.Contains(directory, ended.Error, StringComparison.Ordinal);
        Assert.Contains("other users may look into it", ended.Error, StringComparison.Ordinal);
    }

    [Spec]
    public async Task A_socket_of_another_user_in_the_directory_is_refused_by_its_name_and_the_others_are_listed()
    {
        Assert.SkipWhen(Stranger.Obstacle is not null, Stranger.Obstacle ?? "");
        await using var pool = await ProcessPool.StartAsync(new ProcessPoolOptions { Processes = 1, Name = "own" }, Token);
        var foreign = Path.Combine(ControlDirectory, $"{Environment.ProcessId}-99-abcdef");
        await File.WriteAllTextAsync(foreign, "", Token);
        try
        {
            Owner.Give(foreign, Stranger.User);

            var pools = await PoolConnection.ListAsync(Token);

            Assert.Contains(pools, static found => found is { Name: "own", IsResponding: true, Refusal: null });
            var refused = Assert.Single(pools, static found => found.Refusal is not null);
            Assert.False(refused.IsResponding);
            Assert.Contains($"{foreign} belongs to another user (user id 65534)", refused.Refusal, StringComparison.Ordinal);
        }
        finally
        {
            File.Delete(foreign);
        }
    }
}
