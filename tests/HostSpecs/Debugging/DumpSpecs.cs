namespace MultiProc.HostSpecs.Debugging;

/// <summary>A worker's memory as a file.</summary>
public sealed class DumpSpecs : PoolSpec
{
    [Spec]
    public async Task A_worker_that_crashes_leaves_its_memory_if_that_was_asked_for()
    {
        using var scratch = new Scratch();
        await using var pool = await ProcessPool.StartAsync(new ProcessPoolOptions
        {
            Processes = 1,
            DumpOnCrash = scratch.Path,
            EnvironmentVariables = new Dictionary<string, string?> { ["DOTNET_DbgMiniDumpType"] = "1" },
            Output = static _ => { },
        });

        var lost = await Assert.ThrowsAsync<WorkerLostException>(() => pool.RunAsync(Crash.FailFast));

        Assert.Equal(Path.Combine(scratch.Path, $"worker-{lost.ProcessId}.dmp"), lost.DumpPath);
        Assert.Contains(lost.DumpPath!, lost.Message, StringComparison.Ordinal);
        Assert.Equal("\u007fELF"u8.ToArray(), (await File.ReadAllBytesAsync(lost.DumpPath!))[..4]);
        Assert.Null((await Assert.ThrowsAsync<WorkerLostException>(() => pool.RunAsync(Crash.Sigkill))).DumpPath);
    }
}
