using System.Runtime.CompilerServices;

namespace MultiProc.HostSpecs.Debugging;

/// <summary>Functions whose failing calls are recorded.</summary>
internal static class Recorded
{
    public const string FileName = "Recorded.cs";
    public const string CheckLine = "return number == 37 ? throw new InvalidOperationException($\"{number} is not good.\") : number;";

    private static int _limit;

    public static void SetLimit(int limit) => _limit = limit;

    public static int Sell(Order order, int pieces) =>
        pieces > order.Stock ? throw new ArgumentOutOfRangeException(nameof(pieces), pieces, $"Only {order.Stock} of {order.Article} are left.") : order.Stock - pieces;

    // Not optimised, as in a debug build: arguments stay where they can be read.
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.NoOptimization)]
    public static int Check(int number)
    {
        return number == 37 ? throw new InvalidOperationException($"{number} is not good.") : number;
    }

    public static int CheckLimit(int number) => number > _limit ? throw new InvalidOperationException($"{number} is above {_limit}.") : number;

    public static int FailOnce(Mark failed)
    {
        if (failed.IsSet)
        {
            return 42;
        }

        failed.Set();
        throw new InvalidOperationException("Only the first time.");
    }

    public static void Report(IProgress<int> progress, CancellationToken token)
    {
        progress.Report(7);
        throw new InvalidOperationException($"cancelled: {token.IsCancellationRequested}");
    }

    public static void Spend(SharedValue<int> budget) => throw new InvalidOperationException($"{budget.Value} is too little.");

    internal sealed record Order(string Article, int Stock, string[] Tags);
}
