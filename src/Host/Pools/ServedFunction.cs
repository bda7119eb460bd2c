using MultiProc.Host.Functions;
using MultiProc.Host.Spelling;

namespace MultiProc.Host.Pools;

/// <summary>Whether a pool serves a function, asked before anything is sent or overwritten.</summary>
internal static class ServedFunction
{
    /// <exception cref="InvalidCallException">It does not.</exception>
    public static async Task CheckAsync(PoolConnection pool, string function, CancellationToken cancellationToken)
    {
        var served = await pool.GetFunctionsAsync(cancellationToken).ConfigureAwait(false);
        if (!served.Contains(function))
        {
            throw new InvalidCallException(
                served.Count == 0
                    ? "This pool belongs to an application and offers no functions. Start one that does: multiproc serve ASSEMBLY"
                    : $"The pool does not serve {function}.{NearestNames.Question(function, served)}"
                        + (NearestNames.To(function, served).Length == 0 ? $" It serves {string.Join(", ", served.Take(3))}{(served.Count > 3 ? $" and {served.Count - 3} more" : "")}." : ""));
        }
    }
}
