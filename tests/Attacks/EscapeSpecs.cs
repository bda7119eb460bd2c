using System.Diagnostics;
using System.Globalization;
using MultiProc.SpecHost;

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
        await ExpectGoneWithPoolAsync(Escapes.Start);
    }

    [Spec]
    public async Task It_is_gone_too_when_its_worker_left_in_peace_long_before()
    {
        SkipUnlessLinux();
        int escaped;
        await using (var pool = await ProcessPool.StartAsync(Two with { Processes = 1, MaxTasksPerWorker = 1 }))
        {
            escaped = await pool.RunAsync(Escapes.Start);
            await pool.RunAsync(static () => 0);
        }

        Assert.False(ProcessTable.IsAlive(escaped));
    }

    [Spec]
    public async Task The_end_of_a_worker_takes_its_own_children_along_and_no_others()
    {
        SkipUnlessLinux();
        await using var pool = await ProcessPool.StartAsync(Two);
        var escaped = await pool.BroadcastAsync(Escapes.Start);

        var lost = await Assert.ThrowsAsync<WorkerLostException>(() => pool.RunAsync(static () => Environment.Exit(3)));

        await Eventually.TrueAsync(() => !ProcessTable.IsAlive(escaped[lost.Slot]));
        Assert.True(ProcessTable.IsAlive(escaped[1 - lost.Slot]));
    }

    [Spec]
    public async Task A_child_with_an_empty_environment_is_gone_with_the_pool_where_control_groups_may_be_made()
    {
        ControlGroups.SkipUnlessWritable();
        await ExpectGoneWithPoolAsync(Escapes.StartWithoutEnvironment);
    }

    [Spec]
    public async Task It_ends_with_its_worker_that_is_killed_and_outlives_one_that_leaves_in_peace()
    {
        ControlGroups.SkipUnlessWritable();
        int peaceful;
        await using (var pool = await ProcessPool.StartAsync(Two with { MaxTasksPerWorker = 2 }))
        {
            var escaped = await pool.BroadcastAsync(Escapes.StartWithoutEnvironment);

            var lost = await Assert.ThrowsAsync<WorkerLostException>(() => pool.RunAsync(static () => Environment.Exit(3)));

            await Eventually.TrueAsync(() => !ProcessTable.IsAlive(escaped[lost.Slot]));
            peaceful = escaped[1 - lost.Slot];
            await pool.BroadcastAsync(static () => 0);
            await Eventually.TrueAsync(() => pool.Statistics.WorkersRecycled > 0 && pool.Workers.All(static worker => worker.State is WorkerState.Idle));
            Assert.True(ProcessTable.IsAlive(peaceful));
        }

        Assert.False(ProcessTable.IsAlive(peaceful));
    }

    [Spec]
    public async Task The_control_groups_of_workers_that_leave_one_after_another_do_not_gather()
    {
        ControlGroups.SkipUnlessWritable();
        await using var pool = await ProcessPool.StartAsync(Two with { Processes = 1, MaxTasksPerWorker = 1 });

        for (var i = 0; i < 8; i++)
        {
            await pool.RunAsync(static () => 0);
        }

        await Eventually.TrueAsync(() => pool.Statistics.WorkersRecycled == 8);
        await Eventually.TrueAsync(() => ControlGroups.OfThisProcess() is [var group] && Directory.GetDirectories(group).Length <= 2);
    }

    [Spec]
    public async Task Where_no_control_group_may_be_made_the_mark_finds_what_has_kept_its_environment()
    {
        Surroundings.SkipUnlessMountable();
        ControlGroups.SkipUnlessWritable();

        var ended = await Surroundings.RunMountedAsync(
            $"mount --bind {ControlGroups.Own} {ControlGroups.Own} && mount -o remount,ro,bind {ControlGroups.Own}", nameof(Scenarios.Escaping));

        var escaped = ended.Output.Split(' ').Select(static number => int.Parse(number, CultureInfo.InvariantCulture)).ToArray();
        Assert.Equal([false, true], escaped.Select(ProcessTable.IsAlive));
        Posix.Signal(escaped[1], Posix.Kill);
    }

    [Spec]
    public async Task Groups_that_a_killed_host_has_left_are_removed_by_the_next_pool()
    {
        ControlGroups.SkipUnlessWritable();
        var stale = Path.Combine(ControlGroups.Own!, "multiproc-4194305-0123456789abcdef");
        Directory.CreateDirectory(Path.Combine(stale, "0123456789abcdef.1"));

        await using var pool = await ProcessPool.StartAsync(1);

        Assert.False(Directory.Exists(stale));
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

    private static async Task ExpectGoneWithPoolAsync(Func<int> escape)
    {
        int[] escaped;
        await using (var pool = await ProcessPool.StartAsync(Two))
        {
            escaped = await pool.BroadcastAsync(escape);
            Assert.All(escaped, static process => Assert.True(ProcessTable.IsAlive(process)));
        }

        Assert.All(escaped, static process => Assert.False(ProcessTable.IsAlive(process)));
    }

    private static void SkipUnlessLinux() => Assert.SkipUnless(OperatingSystem.IsLinux(), "Found through /proc.");

    private static async Task<int[]> EscapeFromNestedAsync()
    {
        var nested = await ProcessPool.StartAsync(1);
        return [nested.Workers[0].ProcessId, await nested.RunAsync(Escapes.Start)];
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
