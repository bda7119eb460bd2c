using System.Runtime.CompilerServices;

namespace MultiProc.Host.Pi;

/// <summary>1 - 1/3 + 1/5 - 1/7 + ... = pi/4 (Leibniz 1674).</summary>
internal static class LeibnizSeries
{
    /// <summary>The sum of the terms from the one at index <paramref name="from"/> up to, without, the one at <paramref name="to"/>.</summary>
    // Fully compiled at once, so that no round of a measurement runs other machine code than the next.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static double Sum(long from, long to)
    {
        // The smallest terms first: large ones would swallow their digits.
        var sum = 0.0;
        var sign = to % 2 == 0 ? -1.0 : 1.0;
        for (var denominator = (2 * to) - 1; denominator > 2 * from; denominator -= 2)
        {
            sum += sign / denominator;
            sign = -sign;
        }

        return sum;
    }
}
