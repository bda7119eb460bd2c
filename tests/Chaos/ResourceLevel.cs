using System.Diagnostics;

namespace MultiProc.Chaos;

/// <summary>What this process has of the operating system, by kind: processes below it, sockets, pipes, shared memory (open and mapped), files in its own temporary directory.</summary>
internal sealed record ResourceLevel(int Processes, int Sockets, int Pipes, int SharedMemory, int MappedMemory, int TempFiles)
{
    private static readonly TimeSpan MaxWait = TimeSpan.FromSeconds(10);

    public static ResourceLevel Take()
    {
        var open = OpenFiles.ByKind();
        return new ResourceLevel(
            ProcessTable.Below(Environment.ProcessId).Count,
            open.GetValueOrDefault("sockets"),
            open.GetValueOrDefault("pipes"),
            open.GetValueOrDefault("shared memory"),
            OpenFiles.MappedMemory(),
            PrivateTemp.Files().Count);
    }

    /// <summary>The level once it is back where it was, or as it is when that takes too long. The runtime gives some things back a moment after their last use.</summary>
    public static async Task<ResourceLevel> SettledAsync(ResourceLevel start)
    {
        var waited = Stopwatch.StartNew();
        while (true)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
            var now = Take();
            if (now.IsBackAt(start) || waited.Elapsed > MaxWait)
            {
                return now;
            }

            await Task.Delay(100);
        }
    }

    /// <summary>Nothing has grown.</summary>
    public bool IsBackAt(ResourceLevel start) =>
        Processes <= start.Processes && Sockets <= start.Sockets && Pipes <= start.Pipes
        && SharedMemory <= start.SharedMemory && MappedMemory <= start.MappedMemory && TempFiles <= start.TempFiles;
}
