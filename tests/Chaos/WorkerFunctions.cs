namespace MultiProc.Chaos;

/// <summary>What the workers run.</summary>
internal static class WorkerFunctions
{
    public static long Square(long value) => value * value;

    /// <summary>Notes that it has begun.</summary>
    public static long SlowSquare(SharedArray<int> begun, int ticket)
    {
        Interlocked.Increment(ref begun[ticket]);
        Thread.Sleep(ticket % 7);
        return (long)ticket * ticket;
    }

    public static long SquareUnlessSeven(long value) => value % 7 == 0 ? throw new ArithmeticException($"seven divides {value}") : value * value;

    public static byte[] Echo(byte[] data) => data;

    public static long Spin(long value)
    {
        while (value >= 0)
        {
            Thread.SpinWait(100);
        }

        return value;
    }

    public static long WaitForToken(CancellationToken token)
    {
        token.WaitHandle.WaitOne();
        token.ThrowIfCancellationRequested();
        return 0;
    }

    public static int Exit(int code)
    {
        Environment.Exit(code);
        return 0;
    }
}
