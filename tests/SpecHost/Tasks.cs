using System.Diagnostics;
using System.Runtime.InteropServices;

namespace MultiProc.SpecHost;

/// <summary>What keeps a worker busy for ever. Each says which processes it has started, and "busy" when it is.</summary>
internal static partial class Tasks
{
    public static void Spin()
    {
        Console.WriteLine("busy");
        while (true)
        {
        }
    }

    public static string WaitForEnough()
    {
        while (!File.Exists(Path.Combine(Path.GetTempPath(), "enough")))
        {
            Thread.Sleep(5);
        }

        return "enough";
    }

    public static void PauseInNativeCode()
    {
        Console.WriteLine("busy");
        while (true)
        {
            _ = pause();
        }
    }

    public static void StartChildAndSpin()
    {
        using var child = Process.Start("sleep", "1000");
        Console.WriteLine("process " + child.Id);
        Spin();
    }

    public static void HostPoolAndSpin()
    {
        using var pool = ProcessPool.StartAsync(1).GetAwaiter().GetResult();
        Console.WriteLine("process " + pool.Workers[0].ProcessId);
        _ = pool.RunAsync(Spin);
        Spin();
    }

    public static void StarveThreadPool()
    {
        for (var i = 0; i < 1_000; i++)
        {
            ThreadPool.QueueUserWorkItem(static _ => Thread.Sleep(Timeout.Infinite));
        }

        Spin();
    }

    public static string DescribeProcess() => string.Join(' ', Environment.GetCommandLineArgs().Skip(1));

    public static async Task<string> DescribeNestedProcessAsync()
    {
        await using var pool = await ProcessPool.StartAsync(new ProcessPoolOptions { Processes = 1, StartMethod = WorkerStartMethod.ReexecuteApplication });
        return await pool.RunAsync(DescribeProcess);
    }

    [LibraryImport("libc")]
    private static partial int pause();
}
