using System.Reflection.Metadata;
using MultiProc.Diagnostics;

[assembly: MetadataUpdateHandler(typeof(HotReload))]

namespace MultiProc.Diagnostics;

/// <summary>
/// The handler of hot reload by <c>dotnet watch</c> or an editor. A change applies to this process's memory alone:
/// workers, also new ones, load the files that were built. So they are not restarted; a log line says which code they
/// run.
/// </summary>
internal static class HotReload
{
    private const int MaxNames = 5;

    /// <summary>Called by the runtime, which finds it by this name.</summary>
    /// <param name="types">The changed types; null: not known.</param>
    public static void UpdateApplication(Type[]? types)
    {
        var changed = types is null or [] ? "the application" : Describe(types);

        // Calls that run in this process use the changed code.
        foreach (var (pool, log) in PoolMetrics.Pools.Where(static entry => entry.Pool.Options.Processes > 0))
        {
            log.CodeChanged(changed);
            if (pool.Options.LoggerFactory is null)
            {
                Console.Error.WriteLine($"MultiProc: {PoolLog.CodeChangedText.Replace("{Types}", changed, StringComparison.Ordinal)}.");
            }
        }
    }

    private static string Describe(Type[] types)
    {
        var names = types.Select(static type => type.FullName ?? type.Name).Distinct().ToList();
        return string.Join(", ", names.Take(MaxNames)) + (names.Count > MaxNames ? $" and {names.Count - MaxNames} more types" : "");
    }
}
