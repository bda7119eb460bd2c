using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace MultiProc.Specs.Kit;

/// <summary>For what no event tells: looks until it is so.</summary>
internal static class Eventually
{
    private static readonly TimeSpan MaxWait = TimeSpan.FromSeconds(60);

    public static Task TrueAsync(Func<bool> condition, [CallerArgumentExpression(nameof(condition))] string? what = null) =>
        TrueWithinAsync(MaxWait, condition, what);

    /// <summary>For what must be so soon: the limit is part of the spec.</summary>
    public static async Task TrueWithinAsync(TimeSpan limit, Func<bool> condition, [CallerArgumentExpression(nameof(condition))] string? what = null)
    {
        var waited = Stopwatch.StartNew();
        while (!condition())
        {
            Assert.True(waited.Elapsed < limit, $"Not so within {limit.TotalSeconds} s: {what}");
            await Task.Delay(5);
        }
    }
}
