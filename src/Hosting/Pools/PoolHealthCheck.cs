using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace MultiProc.Extensions.Hosting.Pools;

/// <summary>Whether a pool's workers are ready.</summary>
internal sealed class PoolHealthCheck(PoolStart start) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) => Task.FromResult(Check(context));

    private HealthCheckResult Check(HealthCheckContext context)
    {
        if (start.Started is not { } pool)
        {
            return new HealthCheckResult(context.Registration.FailureStatus, "The pool has not started.");
        }

        var statistics = pool.Statistics;
        var wanted = pool.Workers.Count;
        var data = new Dictionary<string, object> { ["workers"] = statistics.Workers, ["busy"] = statistics.Busy, ["queued"] = statistics.Queued };
        var text = $"{statistics.Workers} of {wanted} workers are ready.";
        return statistics.Workers == 0 ? new HealthCheckResult(context.Registration.FailureStatus, text, data: data)
            : statistics.Workers < wanted ? HealthCheckResult.Degraded(text, data: data)
            : HealthCheckResult.Healthy(text, data);
    }
}
