using System.Diagnostics;
using System.Globalization;

namespace MultiProc.Attacks;

/// <summary>What workers start does not outlive them, wherever it goes.</summary>
public sealed class EscapeSpecs : PoolSpec
{
    private static readonly string[] Names = ["DOTNET_GC", "DOTNET_gc", "DOTNET_TC_", "DOTNET_Dbg", "DOTNET_TieredPGO"];
    private static readonly ProcessPoolOptions Two = new() { Processes = 2, Output = static _ => { } };

    [Spec]
    public async Task A_child_that_left_its_workers_group_is_gone_when_the_pool_is_disposed()
    {
        SkipUnlessLinux();
        int[] escaped;
        await using (var pool = await ProcessPool.StartAsync(Two))
        {
            escaped = await pool.BroadcastAsync(Escape);
            Assert.All(escaped, static process => Assert.True(ProcessTable.IsAlive(process)));
        }

        Assert.All(escaped, static process => Assert.False(ProcessTable.IsAlive(process)));
    }

    [Spec]
    public async Task It_is_gone_too_when_its_worker_left_in_peace_long_before()
    {
        SkipUnlessLinux();
        int escaped;
        await using (var pool = await ProcessPool.StartAsync(Two with { Processes = 1, MaxTasksPerWorker = 1 }))
        {
            escaped = await pool.RunAsync(Escape);
            await pool.RunAsync(static () => 0);
        }

        Assert.False(ProcessTable.IsAlive(escaped));
    }

    [Spec]
    public async Task The_end_of_a_worker_takes_its_own_children_along_and_no_others()
    {
        SkipUnlessLinux();
        await using var pool = await ProcessPool.StartAsync(Two);
        var escaped = await pool.BroadcastAsync(Escape);

        var lost = await Assert.ThrowsAsync<WorkerLostException>(() => pool.RunAsync(static () => Environment.Exit(3)));

        await Eventually.TrueAsync(() => !ProcessTable.IsAlive(escaped[lost.Slot]));
        Assert.True(ProcessTable.IsAlive(escaped[1 - lost.Slot]));
    }

    [Spec]
    public async Task Workers_of_a_worker_and_what_they_started_are_gone_with_the_outer_pool()
    {
        SkipUnlessLinux();
        int[] processes;
        await using (var pool = await ProcessPool.StartAsync(Two with { Processes = 1 }))
        {
            processes = await pool.RunAsync(EscapeFromNestedAsync);
            Assert.All(processes, static process => Assert.True(ProcessTable.IsAlive(process)));
        }

        Assert.All(processes, static process => Assert.False(ProcessTable.IsAlive(process)));
    }

    [Spec]
    public async Task A_process_that_has_got_the_number_of_a_worker_that_ended_is_not_killed_in_its_place()
    {
        Surroundings.SkipUnlessMountable();

        var ended = await Started.ToEndAsync(
            "unshare", "--pid", "--fork", "--mount-proc", "--kill-child", "dotnet", "exec", Surroundings.HostFile, nameof(SpecHost.Scenarios.RecycledNumber));

        Assert.Equal(("", "lives\n"), (ended.Error, ended.Output));
    }

    [Spec]
    public async Task Programs_that_user_code_starts_do_not_inherit_the_settings_of_the_workers_runtime()
    {
        SkipUnlessLinux();
        using var scratch = new Scratch();
        await using var pool = await ProcessPool.StartAsync(Two with
        {
            Processes = 1,
            MaxWorkerHeapBytes = 1 << 28,
            DumpOnCrash = scratch.Path,
            EnvironmentVariables = new Dictionary<string, string?> { ["DOTNET_TieredPGO"] = "0", ["DOTNET_DbgEnableMiniDump"] = "0" },
        });

        var (started, native, own) = await pool.ApplyAsync(Environments, Path.Combine(scratch.Path, "environment"));

        Assert.All([started, native, own], static environment => Assert.Equal(["DOTNET_DbgEnableMiniDump=0", "DOTNET_TieredPGO=0"], environment));
        Assert.Equal(1 << 28, await pool.RunAsync(static () => GC.GetGCMemoryInfo().TotalAvailableMemoryBytes));
    }

    private static void SkipUnlessLinux() => Assert.SkipUnless(OperatingSystem.IsLinux(), "Found through /proc.");

    /// <summary>A session of its own, a parent that is gone, and nothing open that the worker has.</summary>
    private static int Escape()
    {
        var file = Path.Combine(Path.GetTempPath(), "escaped-" + Guid.NewGuid());
        using (var shell = Process.Start("/bin/sh", ["-c", $"setsid sh -c 'echo $$ > {file}.new; mv {file}.new {file}; exec sleep 1000' < /dev/null > /dev/null 2>&1 &"]))
        {
            shell.WaitForExit();
        }

        while (!File.Exists(file))
        {
            Thread.Sleep(2);
        }

        var process = int.Parse(File.ReadAllText(file), CultureInfo.InvariantCulture);
        File.Delete(file);
        return process;
    }

    private static async Task<int[]> EscapeFromNestedAsync()
    {
        var nested = await ProcessPool.StartAsync(1);
        return [nested.Workers[0].ProcessId, await nested.RunAsync(Escape)];
    }

    private static (string[] Started, string[] Native, string[] Own) Environments(string file)
    {
        using var child = Process.Start(new ProcessStartInfo("env") { RedirectStandardOutput = true })!;
        using var output = child.StandardOutput;
        var started = output.ReadToEnd();
        _ = Native.System($"env > {file}");
        var native = File.ReadAllText(file);
        File.Delete(file);
        var own = Environment.GetEnvironmentVariables();
        return (Settings(started.Split('\n')), Settings(native.Split('\n')), Settings(own.Keys.Cast<string>().Select(name => $"{name}={own[name]}")));

        // Those that the library sets, and the one that only the options have.
        static string[] Settings(IEnumerable<string> environment) => [.. environment.Where(static line => Array.Exists(Names, name => line.StartsWith(name, StringComparison.Ordinal))).Order(StringComparer.Ordinal)];
    }
}
