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

    /// <summary>Overwrites what the host believes of this worker, and dies.</summary>
    public static int CorruptPageAndDie(int seed)
    {
        Vandal.TryCorruptPage(Environment.ProcessId, new Random(seed));
        Posix.Signal(Environment.ProcessId, Posix.Kill);
        Thread.Sleep(Timeout.Infinite);
        return 0;
    }

    /// <summary>Writes so many lines to standard error.</summary>
    public static int FloodErrors(int lines)
    {
        using var error = new StreamWriter(Console.OpenStandardError(), bufferSize: 65_536);
        for (var line = 0; line < lines; line++)
        {
            error.WriteLine("error");
        }

        return lines;
    }

    /// <summary>Writes rubbish into this worker's own pipe for as long as the host reads it.</summary>
    public static int FloodPipe(int seed)
    {
        var rubbish = new byte[1 << 20];
        new Random(seed).NextBytes(rubbish);
        if (seed % 2 == 0)
        {
            // A frame that claims to be as long as one can be.
            (rubbish[0], rubbish[1], rubbish[2], rubbish[3]) = (0x7f, 0xff, 0xff, 0x00);
        }

        for (var part = 0; part < 64; part++)
        {
            foreach (var descriptor in Directory.GetFiles("/proc/self/fd"))
            {
                if (File.ResolveLinkTarget(descriptor, returnFinalTarget: false)?.Name.StartsWith("socket:", StringComparison.Ordinal) == true)
                {
                    Posix.Write(int.Parse(Path.GetFileName(descriptor), System.Globalization.CultureInfo.InvariantCulture), rubbish);
                }
            }
        }

        Thread.Sleep(Timeout.Infinite);
        return 0;
    }
}
