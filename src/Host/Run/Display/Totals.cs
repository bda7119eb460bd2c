using System.Globalization;

namespace MultiProc.Host.Run.Display;

/// <summary>The last line of a run, such as <c>1,000 calls in 2.5 s (400/s), 3 failed</c>.</summary>
internal static class Totals
{
    public static string Text(long calls, long failed, TimeSpan elapsed)
    {
        var rate = calls / Math.Max(elapsed.TotalSeconds, 0.001);
        return string.Create(CultureInfo.InvariantCulture,
            $"{calls:N0} {(calls == 1 ? "call" : "calls")} in {elapsed.TotalSeconds:N1} s ({rate:N0}/s), {failed:N0} failed");
    }
}
