using MultiProc.Host.Functions;
using MultiProc.Host.Spelling;

namespace MultiProc.Host.Pools;

/// <summary>Finds the pool that a user means: by its name, its host's process id, or its address.</summary>
internal static class PoolFinder
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <param name="wanted">What the user wrote; null: the only one there is.</param>
    /// <param name="cancellationToken">Stops looking.</param>
    /// <exception cref="InvalidCallException">There is none, or more than one.</exception>
    public static async Task<PoolInfo> FindAsync(string? wanted, CancellationToken cancellationToken)
    {
        var pools = await PoolConnection.ListAsync(cancellationToken).ConfigureAwait(false);
        PoolInfo[] fitting = [.. wanted is null ? pools : pools.Where(pool => Fits(pool, wanted))];
        return fitting switch
        {
            [{ IsResponding: false } silent] => throw new InvalidCallException(
                $"The pool of process {silent.ProcessId} does not answer: the process is stopped, or very busy. Try again, or look at the process."),
            [var only] => only,
            [] when wanted is null => throw new InvalidCallException("No pool is running. Start one: multiproc serve ASSEMBLY"),
            [] => throw new InvalidCallException(
                $"There is no pool '{wanted}'.{NearestNames.Question(wanted, pools.Select(static pool => pool.Name))} See what there is: multiproc ps"),
            _ => throw new InvalidCallException(
                $"{(wanted is null ? "There are" : $"'{wanted}' can be any of")} {fitting.Length} pools. Name one by its address: "
                + string.Join(", ", fitting.Select(static pool => $"{pool.Address} ({pool.Name})"))),
        };
    }

    /// <summary>Finds it and connects to it.</summary>
    /// <exception cref="InvalidCallException">There is none, or more than one.</exception>
    public static async Task<PoolConnection> ConnectAsync(string? wanted, CancellationToken cancellationToken) =>
        await PoolConnection.ConnectAsync((await FindAsync(wanted, cancellationToken).ConfigureAwait(false)).Address, cancellationToken).ConfigureAwait(false);

    /// <summary>Whether a user who wrote this means that pool.</summary>
    public static bool Fits(PoolInfo pool, string wanted) =>
        pool.Address == wanted || (pool.IsResponding && pool.Name == wanted) || pool.ProcessId.ToString(System.Globalization.CultureInfo.InvariantCulture) == wanted;

    /// <summary>The names of all pools, for completion and for questions.</summary>
    public static IEnumerable<string> Names()
    {
        using var limit = new CancellationTokenSource(Patience);
        return [.. PoolConnection.ListAsync(limit.Token).GetAwaiter().GetResult().Where(static pool => pool.IsResponding).Select(static pool => pool.Name).Distinct()];
    }

    /// <summary>The functions that a pool serves, for completion.</summary>
    public static IEnumerable<string> FunctionsOf(string pool)
    {
        using var limit = new CancellationTokenSource(Patience);
        return GetFunctionsAsync(pool, limit.Token).GetAwaiter().GetResult();
    }

    private static async Task<IEnumerable<string>> GetFunctionsAsync(string pool, CancellationToken cancellationToken)
    {
        try
        {
            var connection = await ConnectAsync(pool, cancellationToken).ConfigureAwait(false);
            await using (connection.ConfigureAwait(false))
            {
                return await connection.GetFunctionsAsync(cancellationToken).ConfigureAwait(false);
            }
        }
        catch (Exception exception) when (exception is InvalidCallException or IOException or ProcessPoolException or OperationCanceledException)
        {
            // Then there is nothing to complete.
            return [];
        }
    }
}
