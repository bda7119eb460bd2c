using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;

namespace MultiProc.SpecHost;

/// <summary>What a host may be doing when it ends.</summary>
public static partial class Scenarios
{
    /// <summary>The last line of an application whose own code stood in the way, if all went as it should.</summary>
    public const string LastLine = "all as it should be";

    /// <summary>Of the call of <see cref="Limited"/>.</summary>
    public static readonly TimeSpan CallLimit = TimeSpan.FromSeconds(3);

    /// <summary>Its workers wait for work.</summary>
    public static async Task<int> Idle()
    {
        var pool = await StartAsync();
        Say("ready");
        await Task.Delay(Timeout.Infinite);
        return pool.Workers.Count;
    }

    /// <summary>Says what it gets from its workers where dynamic code is switched off.</summary>
    public static async Task<int> WithoutDynamicCode()
    {
        Say(await SwitchedOff.TellAsync());
        return 0;
    }

    /// <summary>Its workers never look up.</summary>
    public static Task<int> Spinning() => WithBothBusyAsync(Tasks.Spin);

    /// <summary>Its workers are in native code that does not return.</summary>
    public static Task<int> InNativeCode() => WithBothBusyAsync(Tasks.PauseInNativeCode);

    /// <summary>Its workers have started programs of their own.</summary>
    public static Task<int> WithGrandchildren() => WithBothBusyAsync(Tasks.StartChildAndSpin);

    /// <summary>Its workers are hosts themselves.</summary>
    public static Task<int> Nested() => WithBothBusyAsync(Tasks.HostPoolAndSpin);

    /// <summary>Every thread that its workers could use for anything is blocked.</summary>
    public static Task<int> Starving() => WithBothBusyAsync(Tasks.StarveThreadPool);

    /// <summary>The directory in which its workers keep temporary files has been deleted.</summary>
    public static async Task<int> WithoutTemporaryDirectory()
    {
        var directory = Directory.CreateTempSubdirectory("mp-spec-");
        var pool = await StartAsync(new Dictionary<string, string?> { ["TMPDIR"] = directory.FullName });
        directory.Delete(recursive: true);
        Say("ready");
        await Task.Delay(Timeout.Infinite);
        return pool.Workers.Count;
    }

    /// <summary>Returns from Main when told to, and has forgotten the pool.</summary>
    public static async Task<int> Forgetting()
    {
        await SpinInBothAsync();
        Console.ReadLine();
        return 7;
    }

    /// <summary>Leaves through Environment.Exit when told to, in the middle of everything.</summary>
    public static async Task<int> Exiting()
    {
        await SpinInBothAsync();
        Console.ReadLine();
        Environment.Exit(5);
        return 0;
    }

    /// <summary>One call with a limit, which ends when the file "enough" is in the temporary directory; says how it ended.</summary>
    public static async Task<int> Limited()
    {
        await using var pool = await StartAsync();
        var call = pool.RunAsync(Tasks.WaitForEnough, new CallOptions { Timeout = CallLimit });
        while (pool.Statistics.Busy == 0)
        {
            await Task.Delay(5);
        }

        Say("ready");
        try
        {
            Say("returned " + await call);
        }
        catch (CallTimeoutException exception)
        {
            Say(exception.Message);
        }

        return 0;
    }

    /// <summary>Dies of an exception when told to.</summary>
    public static async Task<int> Crashing()
    {
        await SpinInBothAsync();
        Console.ReadLine();
        new Thread(static () => throw new InvalidOperationException("The host crashes, as it should.")).Start();
        await Task.Delay(Timeout.Infinite);
        return 0;
    }

    /// <summary>Its workers are this program, run again; one of them starts such a pool itself.</summary>
    public static async Task<int> Reexecuted()
    {
        await using var pool = await ProcessPool.StartAsync(new ProcessPoolOptions { Processes = 2, StartMethod = WorkerStartMethod.ReexecuteApplication });
        Say("process " + await pool.RunAsync(Tasks.DescribeProcess));
        Say("nested " + await pool.RunAsync(Tasks.DescribeNestedProcessAsync));
        Say("ready");
        return 0;
    }

    /// <summary>Wants its workers to be this program, and does not let them in.</summary>
    public static async Task<int> WithoutHook()
    {
        try
        {
            await ProcessPool.StartAsync(new ProcessPoolOptions { Processes = 2, StartMethod = WorkerStartMethod.ReexecuteApplication });
            return 0;
        }
        catch (WorkerStartException exception)
        {
            Console.Error.WriteLine(exception.Message);
            return 3;
        }
    }

    /// <summary>Lets its workers in only after it has started its pool.</summary>
    public static async Task<int> HookTooLate()
    {
        var code = await WithoutHook();
        ProcessPool.RunWorkerIfRequested();
        return code;
    }

    /// <summary>Starts a pool, makes a call and ends; or says why it cannot.</summary>
    public static async Task<int> OneCall()
    {
        try
        {
            await using var pool = await ProcessPool.StartAsync(2);
            Say("called " + await pool.RunAsync(Tasks.DescribeProcess));
            return 0;
        }
        catch (WorkerStartException exception)
        {
            Console.Error.WriteLine(exception.Message);
            return 3;
        }
    }

    /// <summary>The same after /proc has been unmounted; for a mount namespace of its own.</summary>
    public static async Task<int> OneCallWithoutProc()
    {
        using (var unmount = Process.Start("umount", ["-l", "/proc"]))
        {
            await unmount.WaitForExitAsync();
        }

        return await OneCall();
    }

    /// <summary>Says, after the end of its pool, which two processes its worker had started: one with the worker's environment, one with none.</summary>
    public static async Task<int> Escaping()
    {
        int[] escaped;
        await using (var pool = await ProcessPool.StartAsync(1))
        {
            escaped = [await pool.RunAsync(Escapes.Start), await pool.RunAsync(Escapes.StartWithoutEnvironment)];
        }

        Say(string.Join(' ', escaped));
        return 0;
    }

    /// <summary>Does as it is told, line by line, while somebody changes its files.</summary>
    public static Task<int> Redeployed() => RedeployedAsync(hasLoaded: true);

    /// <summary>As <see cref="Redeployed"/>; but the workers have loaded nothing of the application when its files change.</summary>
    public static Task<int> RedeployedEarly() => RedeployedAsync(hasLoaded: false);

    private static async Task<int> RedeployedAsync(bool hasLoaded)
    {
        await using var pool = await ProcessPool.StartAsync(new ProcessPoolOptions { Processes = 2, LoggerFactory = new SayingLoggerFactory() });

        if (hasLoaded)
        {
            // What they have loaded they keep.
            await pool.BroadcastAsync(static () => Environment.ProcessId);
        }

        Say("ready");
        while (Console.ReadLine() is { } order)
        {
            switch (order)
            {
                case "lose":
                    await pool.RunAsync(static () => Environment.Exit(3)).ContinueWith(static _ => { }, TaskScheduler.Default);
                    Say("lost");
                    break;
                case "call":
                    Say("called " + await pool.RunAsync(static () => Environment.ProcessId));
                    break;
                case "both":
                    while (pool.Workers.Count(static worker => worker.State is WorkerState.Idle) < 2)
                    {
                        await Task.Delay(5);
                    }

                    Say("called " + string.Join(' ', await pool.BroadcastAsync(static () => Environment.ProcessId)));
                    break;
                default:
                    return 0;
            }
        }

        return 0;
    }

    /// <summary>
    /// Kills the group of a process that has been reaped, when another has got its number and leads a group of its own; for a PID namespace of its own. Says whether the
    /// other lives.
    /// </summary>
    public static async Task<int> RecycledNumber()
    {
        using var first = Process.Start("setsid", ["sleep", "1000"]);
        var group = Activator.CreateInstance(typeof(ProcessPool).Assembly.GetType("MultiProc.Workers.WorkerGroup", throwOnError: true)!, first.Id)!;
        first.Kill();
        await first.WaitForExitAsync();

        // The threads of this process take numbers, too.
        var other = Process.Start("true");
        while (other.Id != first.Id)
        {
            other.Kill();
            await other.WaitForExitAsync();
            other.Dispose();
            await File.WriteAllTextAsync("/proc/sys/kernel/ns_last_pid", (first.Id - 1).ToString(CultureInfo.InvariantCulture));
            other = Process.Start("setsid", ["sleep", "1000"]);
        }

        using (other)
        {
            while (getpgid(other.Id) != other.Id)
            {
                await Task.Delay(5);
            }

            group.GetType().GetMethod("Kill")!.Invoke(group, null);
            group.GetType().GetMethod("SignalLeader")!.Invoke(group, [15]);
            Say(other.WaitForExit(TimeSpan.FromMilliseconds(300)) ? "killed" : "lives");
            other.Kill();
        }

        return 0;
    }

    /// <inheritdoc cref="DescriptorScenarios.ToldAsync"/>
    public static Task<int> DescriptorsAsTold() => DescriptorScenarios.ToldAsync();

    /// <inheritdoc cref="DescriptorScenarios.ReplacingAsync"/>
    public static Task<int> DescriptorsForReplacement() => DescriptorScenarios.ReplacingAsync();

    /// <inheritdoc cref="DescriptorScenarios.StartingAsync"/>
    public static Task<int> DescriptorsForStart() => DescriptorScenarios.StartingAsync();

    /// <inheritdoc cref="ApplicationScenarios.ThrowingFromTheStartAsync"/>
    public static Task<int> ApplicationThrowsFromTheStart() => ApplicationScenarios.ThrowingFromTheStartAsync();

    /// <inheritdoc cref="ApplicationScenarios.ThrowingAsync"/>
    public static Task<int> ApplicationThrows() => ApplicationScenarios.ThrowingAsync();

    /// <inheritdoc cref="ApplicationScenarios.BlockingAsync"/>
    public static Task<int> ApplicationBlocks() => ApplicationScenarios.BlockingAsync();

    /// <inheritdoc cref="ApplicationScenarios.DisposingAsync"/>
    public static Task<int> ApplicationDisposes() => ApplicationScenarios.DisposingAsync();

    /// <inheritdoc cref="ApplicationScenarios.DisposingAtTheEndOfCallsAsync"/>
    public static Task<int> ApplicationDisposesAtTheEndOfCalls() => ApplicationScenarios.DisposingAtTheEndOfCallsAsync();

    private static async Task SpinInBothAsync()
    {
        var pool = await StartAsync();
        _ = pool.RunAsync(Tasks.Spin);
        _ = pool.RunAsync(Tasks.Spin);
        await BothBusyAsync(pool);
        Say("ready");
    }

    private static async Task<int> WithBothBusyAsync(Action task)
    {
        var pool = await StartAsync();
        _ = pool.RunAsync(task);
        _ = pool.RunAsync(task);
        await BothBusyAsync(pool);
        Say("ready");
        await Task.Delay(Timeout.Infinite);
        return 0;
    }

    private static async Task<ProcessPool> StartAsync(Dictionary<string, string?>? environment = null)
    {
        var pool = await ProcessPool.StartAsync(new ProcessPoolOptions
        {
            Processes = 2,
            Output = static line => Say(line.Line),
            EnvironmentVariables = environment ?? [],
        });
        foreach (var worker in pool.Workers)
        {
            Say("process " + worker.ProcessId);
        }

        return pool;
    }

    private static async Task BothBusyAsync(ProcessPool pool)
    {
        while (pool.Statistics.Busy < 2)
        {
            await Task.Delay(5);
        }
    }

    internal static void Say(string line) => Console.Out.WriteLine(line);

    [LibraryImport("libc")]
    private static partial int getpgid(int process);
}
