using System.Diagnostics;

namespace MultiProc.Benchmarks;

/// <summary>What the workers run.</summary>
internal static class Functions
{
    public static int Add(int a, int b) => a + b;

    public static int Increment(int value) => value + 1;

    public static byte[] Echo(byte[] block) => block;

    public static double[] EchoNumbers(double[] block) => block;

    public static int Length(byte[] block) => block.Length;

    public static long SumShared(SharedArray<byte> array)
    {
        long sum = 0;
        foreach (var value in array.Span)
        {
            sum += value;
        }

        return sum;
    }

    /// <summary>Keeps a core busy for that long, by the clock.</summary>
    public static int Spin(double microseconds)
    {
        var begun = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(begun).TotalMicroseconds < microseconds)
        {
        }

        return 0;
    }

    public static double Leibniz(int from, int to)
    {
        var sum = 0.0;
        for (var k = from; k < to; k++)
        {
            sum += (1 - (2 * (k & 1))) / ((2.0 * k) + 1);
        }

        return sum;
    }

    public static bool Sleep(int milliseconds)
    {
        Thread.Sleep(milliseconds);
        return true;
    }
}
