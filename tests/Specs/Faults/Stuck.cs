namespace MultiProc.Specs.Faults;

/// <summary>Functions that never end. What follows the place where each is stuck has a line of its own, so that it shows if one is off by one.</summary>
internal static class Stuck
{
    private static readonly object Gate = new();

    public static void Spinning(int step)
    {
        var at = 0L;
        for (; at >= 0; at = (at + step) & 0xFFFF) ;
        Console.WriteLine(at);
    }

    public static void Sleeping()
    {
        Thread.Sleep(Timeout.Infinite);
        Console.WriteLine("Never");
    }

    public static void Locked()
    {
        using var taken = new ManualResetEventSlim();
        var holder = new Thread(() => Hold(taken)) { IsBackground = true };
        holder.Start();
        taken.Wait();
        lock (Gate)
        {
            Console.WriteLine("Never");
        }
    }

    public static void Blocking()
    {
        var never = new TaskCompletionSource();
        Console.WriteLine("Waiting");
        never.Task.Wait();
        Console.WriteLine("Never");
    }

    public static async Task BlockingAsync(string name)
    {
        Console.WriteLine(name);
        Thread.Sleep(Timeout.Infinite);
        await Task.Yield();
    }

    private static void Hold(ManualResetEventSlim taken)
    {
        lock (Gate)
        {
            taken.Set();
            Thread.Sleep(Timeout.Infinite);
        }
    }
}
