using System.Globalization;

namespace MultiProc.Specs.Faults;

/// <summary>What workers run to die in a given way at a given instant.</summary>
internal static class Dying
{
    /// <summary>More than a pipe takes at once.</summary>
    public const int Large = 32 << 20;

    // The numbers of sendto, sendmsg and write: on x64, and on arm64.
    private static readonly string[] Sending = ["44 ", "46 ", "1 ", "206 ", "211 ", "64 "];

    /// <summary>Dies if the order to do so is there, and takes it away: the next one lives.</summary>
    public static void Once(Journal order)
    {
        if (order.Lines() is [var way])
        {
            File.Delete(order.Path);
            Now(way);
        }
    }

    /// <summary>The same in a function that returns if there is no order.</summary>
    public static int InFunction(Journal order)
    {
        Once(order);
        return Large;
    }

    public static int Length(byte[] argument) => argument.Length;

    public static void Now(string way) => typeof(Crash).GetMethod(way)!.CreateDelegate<Action>()();

    /// <summary>Dies when the function that called this is over.</summary>
    public static void Soon(string way) => OnThread(static () => Thread.Sleep(20), way);

    /// <summary>Dies as soon as a good part of a large argument has come.</summary>
    public static void WhileReading(string way)
    {
        var before = GC.GetTotalAllocatedBytes();
        OnThread(() => SpinWait.SpinUntil(() => GC.GetTotalAllocatedBytes() - before > Large / 4), way);
    }

    /// <summary>Returns something large, and dies when it is being sent; or only returns it if there is no order to die.</summary>
    public static byte[] WhileWriting(Journal order)
    {
        if (order.Lines() is [var way])
        {
            File.Delete(order.Path);
            OnThread(WaitUntilMainThreadSends, way);
        }

        return new byte[Large];
    }

    // The main thread is the one that sends results.
    private static void WaitUntilMainThreadSends()
    {
        var call = string.Create(CultureInfo.InvariantCulture, $"/proc/self/task/{Environment.ProcessId}/syscall");

        // It takes a few milliseconds only, which a thread that gets no processor meanwhile misses. Then it dies with the result sent.
        SpinWait.SpinUntil(() => Sending.Any(number => File.ReadAllText(call).StartsWith(number, StringComparison.Ordinal)), TimeSpan.FromSeconds(2));
    }

    private static void OnThread(Action wait, string way) =>
        new Thread(() =>
        {
            wait();
            Now(way);
        }).Start();
}
