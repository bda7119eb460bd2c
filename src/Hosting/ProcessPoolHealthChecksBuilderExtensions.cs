using Microsoft.Extensions.Diagnostics.HealthChecks;
using MultiProc.Extensions.Hosting.Pools;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>The health of pools.</summary>
public static class ProcessPoolHealthChecksBuilderExtensions
{
    /// <summary>
    /// Adds a health check of a pool: healthy while all its workers are ready, degraded while some are being replaced, unhealthy when none is ready or the pool
    /// has not started. Its data tell how many workers are ready and busy, and how many calls wait.
    /// </summary>
    /// <param name="builder">Where to add it.</param>
    /// <param name="name">The name of the pool. Null: the default pool.</param>
    /// <param name="tags">To choose checks by. Null: none.</param>
    /// <returns><paramref name="builder"/>.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="builder"/> is null.</exception>
    public static IHealthChecksBuilder AddProcessPool(this IHealthChecksBuilder builder, string? name = null, IEnumerable<string>? tags = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder.Add(new HealthCheckRegistration(
            name is null ? "process pool" : "process pool " + name,
            provider => new PoolHealthCheck(provider.GetRequiredKeyedService<PoolStart>(name ?? Options.Options.DefaultName)), failureStatus: null, tags));
    }
}
