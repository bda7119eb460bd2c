namespace MultiProc.Specs.Kit;

/// <summary>The first pool of a process makes the runtime open what it then keeps (for sockets, the ends of children, the console). It must not count as a leak.</summary>
internal static class FirstPool
{
    public static Task Started { get; } = StartAsync();

    private static async Task StartAsync()
    {
        await using var pool = await ProcessPool.StartAsync(1);
        _ = (Console.Out, Console.Error);
        _ = await pool.RunAsync(static () => Environment.ProcessId);
    }
}
