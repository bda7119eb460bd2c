using MultiProc.Host.Functions;

namespace MultiProc.Host.Verbs;

/// <summary>How a verb ends: its own exit code, or one line for each kind of failure that users meet.</summary>
internal static class Outcome
{
    // The workers of a pool of its own may take some seconds to leave; a look at another process has nothing to finish.
    private static readonly TimeSpan OwnPoolTimeout = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan ClientTimeout = TimeSpan.FromSeconds(3);

    public static Task<int> OfAsync(string verb, Func<CancellationToken, Task<int>> run) =>
        OfAsync(verb, new Interruption(lastResort: OwnPoolTimeout), interruption => run(interruption.Token));

    /// <summary>For a verb that only asks other processes: a signal ends it within seconds, whatever those do.</summary>
    public static Task<int> OfClientAsync(string verb, Func<CancellationToken, Task<int>> run) =>
        OfAsync(verb, new Interruption(lastResort: ClientTimeout), interruption => run(interruption.Token));

    /// <summary>For a verb that takes a first signal as a request, and a second one as an order.</summary>
    public static Task<int> OfPatientAsync(string verb, Func<Interruption, Task<int>> run) => OfAsync(verb, new Interruption(isPatient: true), run);

    private static async Task<int> OfAsync(string verb, Interruption owned, Func<Interruption, Task<int>> run)
    {
        using var interruption = owned;
        try
        {
            return await run(interruption).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (interruption.Token.IsCancellationRequested)
        {
            return interruption.ExitCode;
        }
        catch (Exception exception) when (exception is InvalidCallException or PoolControlException { Error: PoolControlError.InvalidArguments or PoolControlError.NotServed })
        {
            return End(verb, exception, HostExitCode.Usage);
        }
        catch (Exception exception) when (exception is ProcessPoolException or IOException or UnauthorizedAccessException or InvalidDataException)
        {
            return End(verb, exception, HostExitCode.Failed);
        }
    }

    private static int End(string verb, Exception exception, int exitCode)
    {
        Console.Error.WriteLine($"{Verb.Program} {verb}: {OneLine.Of(exception.Message)}");
        return exitCode;
    }
}
