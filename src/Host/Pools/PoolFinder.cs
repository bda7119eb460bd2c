using MultiProc.Host.Functions;
using MultiProc.Host.Spelling;

namespace MultiProc.Host.Pools;

/// <summary>Finds the pool that a user means: by its name, its host's process id, or its address.</summary>
internal static class PoolFinder
{
    // Each takes two seconds while a pool does not answer.
    private const int Looks = 4;

    private static readonly TimeSpan AnswerTimeout = TimeSpan.FromSeconds(10);

    /// <param name="wanted">What the user wrote; null: the only one there is.</param>
    /// <param name="cancellationToken">Stops looking.</param>
    /// <exception cref="InvalidCallException">There is none, or more than one.</exception>
    public static async Task<PoolInfo> FindAsync(string? wanted, CancellationToken cancellationToken)
    {
        var (pools, fitting) = await LookAsync(wanted, cancellationToken).ConfigureAwait(false);
        for (var look = 1; look < Looks && !fitting.Any(static pool => pool.IsResponding) && pools.Any(static pool => pool is { IsResponding: false, Refusal: null }); look++)
        {
            // On a busy machine the wanted one may only be late.
            (pools, fitting) = await LookAsync(wanted, cancellationToken).ConfigureAwait(false);
        }

        return fitting switch
        {
            [{ Refusal: { } refusal }] => throw new InvalidCallException(refusal),
            [{ IsResponding: false } silent] => throw new InvalidCallException(
                $"The pool of process {silent.ProcessId} does not answer: the process is stopped, or very busy. Try again, or look at the process."),
            [var only] => only,
            [] when wanted is null => throw new InvalidCallException("No pool is running. Start one: multiproc serve ASSEMBLY"),
            [] => throw new InvalidCallException(
                $"There is no pool '{wanted}'.{NearestNames.Question(wanted, pools.Select(static pool => pool.Name))}{Silent(pools)} See what there is: multiproc ps"),
            _ => throw new InvalidCallException(
                $"{(wanted is null ? "There are" : $"'{wanted}' can be any of")} {fitting.Length} pools. Name one by its address: "
                + string.Join(", ", fitting.Select(static pool => $"{pool.Address} ({pool.Name})"))),
        };
    }

    private static async Task<(IReadOnlyList<PoolInfo> All, PoolInfo[] Fitting)> LookAsync(string? wanted, CancellationToken cancellationToken)
    {
        var pools = await PoolConnection.ListAsync(cancellationToken).ConfigureAwait(false);
        return (pools, [.. wanted is null ? pools : pools.Where(pool => Fits(pool, wanted))]);
    }

    /// <summary>Finds it and connects to it.</summary>
    /// <exception cref="InvalidCallException">There is none, or more than one.</exception>
    public static async Task<PoolConnection> ConnectAsync(string? wanted, CancellationToken cancellationToken) =>
        await PoolConnection.ConnectAsync((await FindAsync(wanted, cancellationToken).ConfigureAwait(false)).Address, cancellationToken).ConfigureAwait(false);

    /// <summary>Whether a user who wrote this means that pool.</summary>
    public static bool Fits(PoolInfo pool, string wanted) =>
        pool.Address == wanted || (pool.IsResponding && pool.Name == wanted) || pool.ProcessId.ToString(System.Globalization.CultureInfo.InvariantCulture) == wanted;

    // One that does not answer does not tell its name either.
    private static string Silent(IReadOnlyList<PoolInfo> pools) =>
        string.Join(", ", pools.Where(static pool => !pool.IsResponding).Select(static pool => pool.ProcessId)) is { Length: > 0 } silent
            ? $" It may be one that does not answer: of process {silent}."
            : "";

    /// <summary>The names of all pools, for completion and for questions.</summary>
    public static IEnumerable<string> Names()
    {
        return [.. List().Where(static pool => pool.IsResponding).Select(static pool => pool.Name).Distinct().Where(IsPlain)];
    }

    private static IReadOnlyList<PoolInfo> List()
    {
        using var limit = new CancellationTokenSource(AnswerTimeout);
        try
        {
            return PoolConnection.ListAsync(limit.Token).GetAwaiter().GetResult();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or OperationCanceledException)
        {
            // Then there is nothing to complete.
            return [];
        }
    }

    // A shell takes what it is offered as it stands: a name that means something to it, or to the terminal, is not offered.
    private static bool IsPlain(string name) => name.All(static letter => char.IsLetterOrDigit(letter) || letter is '.' or '-' or '_' or '+');

    /// <summary>The functions that a pool serves, for completion.</summary>
    public static IEnumerable<string> FunctionsOf(string pool)
    {
        using var limit = new CancellationTokenSource(AnswerTimeout);
        return GetFunctionsAsync(pool, limit.Token).GetAwaiter().GetResult();
    }

    private static async Task<IEnumerable<string>> GetFunctionsAsync(string pool, CancellationToken cancellationToken)
    {
        try
        {
            var connection = await ConnectAsync(pool, cancellationToken).ConfigureAwait(false);
            await using (connection.ConfigureAwait(false))
            {
                return [.. (await connection.GetFunctionsAsync(cancellationToken).ConfigureAwait(false)).Where(IsPlain)];
            }
        }
        catch (Exception exception) when (exception is InvalidCallException or IOException or InvalidDataException or UnauthorizedAccessException
            or ProcessPoolException or OperationCanceledException)
        {
            // Then there is nothing to complete.
            return [];
        }
    }
}
