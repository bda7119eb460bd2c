using System.Text;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging;

namespace MultiProc.Attacks.Doors;

/// <summary>Records of calls that somebody else has written or altered, and files that are none.</summary>
public sealed class RecordSpecs : PoolSpec
{
    private const string Variable = "MP_ATTACK_VARIABLE";
    private const int WithoutHash = 2021;

    private readonly Scratch _records = new();
    private readonly Scratch _home = new();
    private readonly string? _homeBefore = Environment.GetEnvironmentVariable("HOME");

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private static string Application => typeof(RecordSpecs).Assembly.Location;

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        Environment.SetEnvironmentVariable("HOME", _home.Path);
    }

    public override async ValueTask DisposeAsync()
    {
        Environment.SetEnvironmentVariable("HOME", _homeBefore);
        _records.Dispose();
        _home.Dispose();
        await base.DisposeAsync();
    }

    [Spec]
    public async Task A_record_of_this_users_own_is_shown_whole_and_replayed_without_a_question()
    {
        var path = await RecordAsync();

        Assert.False(RecordedCall.Load(path).IsForeign);
        Assert.Null(RecordedCall.Load(path).ForeignReason);
        var shown = await Started.MultiprocToEndAsync("show", path);
        var replayed = await Started.MultiprocToEndAsync("replay", path);

        Assert.Equal(0, shown.ExitCode);
        Assert.Contains("text = \"some\"", shown.Output, StringComparison.Ordinal);
        Assert.Contains("Error\nSystem.InvalidOperationException: some, variable: set", shown.Output, StringComparison.Ordinal);
        Assert.Equal(1, replayed.ExitCode);
        Assert.Contains("some, variable: set", replayed.Error, StringComparison.Ordinal);
        if (!OperatingSystem.IsWindows())
        {
            var key = Path.Combine(_home.Path, ".multiproc", "record-key");
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(key));
            Assert.Equal(32, new FileInfo(key).Length);
        }
    }

    [Spec]
    public async Task Of_a_record_that_was_altered_nothing_is_run_and_the_header_is_shown()
    {
        var mark = _records.Mark("ran");
        var path = Altered(await RecordAsync(), header =>
        {
            header["application"]!["program"] = "/bin/sh";
            header["application"]!["arguments"] = new JsonArray("-c", $"touch {mark.Path}");
        });

        var call = RecordedCall.Load(path);
        var shown = await Started.MultiprocToEndAsync("show", path);
        var replayed = await Started.MultiprocToEndAsync("replay", path);

        Assert.True(call.IsForeign);
        Assert.Throws<InvalidOperationException>(() => call.InNewWorker());
        Assert.Throws<InvalidOperationException>(() => call.ShowArguments());
        await Assert.ThrowsAsync<InvalidOperationException>(() => call.InvokeAsync(Token));
        Assert.Equal((2, 2), (shown.ExitCode, replayed.ExitCode));
        Assert.StartsWith("MultiProc.Attacks.Doors.RecordedFunctions.Fail", shown.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("text = ", shown.Output, StringComparison.Ordinal);
        Assert.Contains($"/bin/sh -c 'touch {mark.Path}'", shown.Error, StringComparison.Ordinal);
        Assert.Contains($"/bin/sh -c 'touch {mark.Path}'", replayed.Error, StringComparison.Ordinal);
        Assert.Contains("--app DLL", replayed.Error, StringComparison.Ordinal);
        Assert.False(mark.IsSet);
    }

    [Spec]
    public async Task A_foreign_record_runs_in_the_application_that_the_user_names_and_without_its_environment()
    {
        var mark = _records.Mark("ran");
        var path = Altered(await RecordAsync(), header =>
        {
            header["application"]!["program"] = "/bin/sh";
            header["application"]!["arguments"] = new JsonArray("-c", $"touch {mark.Path}");
            header["application"]!["workingDirectory"] = "/nowhere";
            header["environmentVariables"]!["DOTNET_STARTUP_HOOKS"] = "/nowhere/evil.dll";
        });

        var shown = await Started.MultiprocToEndAsync("show", path, "--app", Application);
        var replayed = await Started.MultiprocToEndAsync("replay", path, "--app", Application);
        var elsewhere = await Started.MultiprocToEndAsync("replay", path, "--app", Application + ".not");

        Assert.Equal((0, 1, 2), (shown.ExitCode, replayed.ExitCode, elsewhere.ExitCode));
        Assert.Contains("text = \"some\"", shown.Output, StringComparison.Ordinal);
        Assert.Contains("System.InvalidOperationException: some, variable: none", replayed.Error, StringComparison.Ordinal);
        Assert.False(mark.IsSet);
        Assert.Equal(Application, RecordedCall.Load(path).InNewWorker(Application).ArgumentList.First(static one => one.EndsWith(".deps.json", StringComparison.Ordinal))
            .Replace(".deps.json", ".dll", StringComparison.Ordinal));
    }

    [Spec]
    public async Task A_yes_at_a_terminal_runs_what_was_shown_and_anything_else_does_not()
    {
        Assert.SkipUnless(File.Exists("/usr/bin/script"), "There is no script(1) here, which makes terminals.");
        var path = Altered(await RecordAsync(), static header => header["function"] = "other");

        Task<Ended> AnswerAsync(string answer) => AtTerminalAsync($"{Built.Multiproc} replay {path}", answer);

        Assert.Contains("exit 1", (await AnswerAsync("y")).Output, StringComparison.Ordinal);
        var refused = await AnswerAsync("n");
        Assert.Contains("exit 2", refused.Output, StringComparison.Ordinal);
        Assert.Contains("Run it? [y/N]", refused.Output, StringComparison.Ordinal);
    }

    [Spec]
    public async Task A_record_of_a_function_of_the_framework_is_not_run_even_when_it_is_trusted()
    {
        using var pool = await ProcessPool.StartAsync(new ProcessPoolOptions { Processes = 1, RecordDirectory = _records.Path }, Token);
        await Assert.ThrowsAnyAsync<Exception>(() => pool.ApplyAsync(File.ReadAllText, Path.Combine(_records.Path, "none"), cancellationToken: Token));
        await pool.DisposeAsync();
        var path = Altered(Assert.Single(Directory.GetFiles(_records.Path)), static _ => { });
        var secret = _records.Mark("none");
        await File.WriteAllTextAsync(secret.Path, "secret", Token);

        var replayed = await Started.MultiprocToEndAsync("replay", path, "--app", Application);
        var shown = await Started.MultiprocToEndAsync("show", path, "--app", Application);

        Assert.Equal((2, ""), (replayed.ExitCode, replayed.Output));
        Assert.Equal(1, shown.ExitCode);
        await Assert.ThrowsAnyAsync<ProcessPoolException>(() => RecordedCall.Load(path, trustForeign: true).InvokeAsync(Token));
    }

    [Spec]
    public async Task A_record_in_a_file_of_another_user_is_foreign_though_its_hash_is_right()
    {
        Assert.SkipWhen(Stranger.Obstacle is not null, Stranger.Obstacle ?? "");
        var path = await RecordAsync();
        Owner.Give(path, Stranger.User);

        Assert.Equal("the file belongs to another user (user id 65534)", RecordedCall.Load(path).ForeignReason);
        Assert.Equal(2, (await Started.MultiprocToEndAsync("replay", path)).ExitCode);
    }

    [Spec]
    public async Task Where_no_key_can_be_kept_records_are_written_without_a_hash_which_is_logged_once()
    {
        using var logs = new CollectingLoggerFactory();
        Environment.SetEnvironmentVariable("HOME", Path.Combine(_home.Path, "none", "such"));

        var path = await RecordAsync(logs, times: 3);

        Assert.Equal("it carries no hash", RecordedCall.Load(path).ForeignReason);
        var line = Assert.Single(logs.Lines, static line => line.Event.Id == WithoutHash);
        Assert.Equal(LogLevel.Warning, line.Level);
    }

    [Spec]
    public async Task A_key_that_others_can_read_is_not_used()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "There are no modes of files there.");
        var path = await RecordAsync();
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(Path.Combine(_home.Path, ".multiproc", "record-key"), UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.OtherRead);
        }

        Assert.True(RecordedCall.Load(path).IsForeign);
    }

    [SpecTheory]
    [InlineData("a link", "ln -s /etc/passwd")]
    [InlineData("a pipe", "mkfifo")]
    [InlineData("a directory", "mkdir")]
    [InlineData("a huge file", "truncate -s 100G")]
    [InlineData("a large file that is no record", "truncate -s 1G")]
    [InlineData("an empty file", "truncate -s 0")]
    public async Task What_is_no_record_is_refused_with_a_reason_and_soon(string what, string command)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Made with the tools of Linux.");
        var path = Path.Combine(_records.Path, "file.mpcall");
        var made = await Started.ToEndAsync("sh", "-c", $"{command} {path}");
        Assert.Equal(0, made.ExitCode);

        Assert.Contains(path, Assert.Throws<InvalidDataException>(() => RecordedCall.Load(path)).Message, StringComparison.Ordinal);
        var ended = await Started.MultiprocToEndAsync("show", path);
        Assert.True(ended.ExitCode == 2, what);
        Assert.StartsWith($"multiproc show: {path} ", ended.Error, StringComparison.Ordinal);
        Assert.Single(ended.Error.TrimEnd().Split('\n'));
    }

    [Spec]
    public async Task What_a_record_says_is_safe_to_print()
    {
        var path = Altered(await RecordAsync(), static header =>
        {
            header["function"] = "evil\u001b]0;title\u0007\nfunction\u202e";
            header["errorText"] = "first\u001b[2J\nsecond\u009b1m";
            header["summary"]!["system"] = "x\r\u001b[1A";
            header["application"]!["program"] = "/bin/\u001b[31msh";
        });

        var shown = await Started.MultiprocToEndAsync("show", path);
        var replayed = await Started.MultiprocToEndAsync("replay", path);

        Assert.All((string[])[shown.Output, shown.Error, replayed.Output, replayed.Error], static text => Assert.DoesNotMatch("[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202e]", text));
        Assert.Contains("first␛[2J\nsecond", shown.Output, StringComparison.Ordinal);
    }

    [Spec]
    public async Task Random_damage_to_a_record_ends_in_a_clear_error()
    {
        var path = await RecordAsync();
        var content = await File.ReadAllBytesAsync(path, Token);
        var random = new Random(1);
        for (var round = 0; round < 2_000; round++)
        {
            var damaged = (byte[])content.Clone();
            for (var i = random.Next(1, 5); i > 0; i--)
            {
                damaged[random.Next(damaged.Length)] = (byte)random.Next(256);
            }

            await File.WriteAllBytesAsync(path, damaged[..random.Next(damaged.Length + 1)], Token);
            try
            {
                Assert.True(RecordedCall.Load(path) is { IsForeign: true } || damaged.AsSpan().SequenceEqual(content));
            }
            catch (InvalidDataException)
            {
                // Which is clear.
            }
        }
    }

    private async Task<string> RecordAsync(ILoggerFactory? logs = null, int times = 1)
    {
        await using var pool = await ProcessPool.StartAsync(
            new ProcessPoolOptions
            {
                Processes = 1,
                RecordDirectory = _records.Path,
                LoggerFactory = logs,
                EnvironmentVariables = new Dictionary<string, string?> { [Variable] = "set" },
            },
            Token);
        for (var i = 0; i < times; i++)
        {
            await Assert.ThrowsAsync<InvalidOperationException>(() => pool.ApplyAsync(RecordedFunctions.Fail, "some", cancellationToken: Token));
        }

        return Directory.GetFiles(_records.Path)[0];
    }

    // As somebody would who does not know the key: the hash stays as it was.
    private static string Altered(string path, Action<JsonObject> change)
    {
        var content = File.ReadAllBytes(path);
        var end = Array.IndexOf(content, (byte)'\n');
        var header = JsonNode.Parse(content.AsSpan(0, end))!.AsObject();
        change(header);
        header["summary"]!["altered"] = "yes";
        File.WriteAllBytes(path, [.. Encoding.UTF8.GetBytes(header.ToJsonString()), .. content.AsSpan(end)]);
        return path;
    }

    private static async Task<Ended> AtTerminalAsync(string command, string answer)
    {
        using var scratch = new Scratch();
        using var terminal = Started.In(scratch.Path, "script", "-qc", $"{command}; echo exit $?", "/dev/null");
        return await terminal.EndAsync(answer + "\n");
    }
}

internal static class RecordedFunctions
{
    public static int Fail(string text) =>
        throw new InvalidOperationException($"{text}, variable: {Environment.GetEnvironmentVariable("MP_ATTACK_VARIABLE") ?? "none"}");
}
