using MultiProc.Host.Functions;

namespace MultiProc.Host.Cli;

/// <summary>How a verb ends: its own exit code, or one line for each kind of failure that users meet.</summary>
internal static class Outcome
{
    public static Task<int> OfAsync(string verb, Func<CancellationToken, Task<int>> run) =>
        OfAsync(verb, isPatient: false, interruption => run(interruption.Token));

    /// <summary>For a verb that takes a first signal as a request, and a second one as an order.</summary>
    public static Task<int> OfPatientAsync(string verb, Func<Interruption, Task<int>> run) => OfAsync(verb, isPatient: true, run);

    private static async Task<int> OfAsync(string verb, bool isPatient, Func<Interruption, Task<int>> run)
    {
        using var interruption = new Interruption(isPatient);
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
        catch (Exception exception) when (exception is ProcessPoolException or IOException or UnauthorizedAccessException)
        {
            return End(verb, exception, HostExitCode.Failed);
        }
    }

    private static int End(string verb, Exception exception, int exitCode)
    {
        Console.Error.WriteLine($"{CommandLine.Name} {verb}: {OneLine.Of(exception.Message)}");
        return exitCode;
    }
}
