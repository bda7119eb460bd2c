using System.Runtime.Serialization;

namespace MultiProc.Specs.Faults;

/// <summary>What workers run to die in a given way at a given instant.</summary>
internal static class Dying
{
    /// <summary>More than a pipe takes at once.</summary>
    public const int Large = 32 << 20;

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

    /// <summary>Returns something large, and dies when half of it has been written; or only returns it if there is no order to die.</summary>
    public static Halves WhileWriting(Journal order)
    {
        if (order.Lines() is not [var way])
        {
            return new Halves(null);
        }

        File.Delete(order.Path);
        return new Halves(way);
    }

    private static void OnThread(Action wait, string way) =>
        new Thread(() =>
        {
            wait();
            Now(way);
        }).Start();

    /// <summary>Something large.</summary>
    /// <param name="way">How the process dies that writes it; null: it does not.</param>
    public sealed class Halves(string? way)
    {
        private readonly byte[] _first = new byte[Large / 2];
        private readonly Middle _middle = new(way);
        private readonly byte[] _second = new byte[Large / 2];

        public int Length => _first.Length + _second.Length + _middle.Length;
    }

    private sealed class Middle(string? way)
    {
        public int Length => way?.Length ?? 0;

        [OnSerializing]
        internal void OnSerializing(StreamingContext context)
        {
            if (way is not null)
            {
                Now(way);
            }
        }
    }
}
