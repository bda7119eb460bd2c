using Microsoft.Extensions.Hosting;

namespace MultiProc.Extensions.Hosting.Pools;

/// <summary>
/// Starts a pool before the host's services start, so that none of them finds it missing, and drains it after all of them have stopped, so that none of them
/// finds it closed.
/// </summary>
internal sealed class PoolLifetime(PoolStart start) : IHostedLifecycleService
{
    public Task StartingAsync(CancellationToken cancellationToken) => start.Task.WaitAsync(cancellationToken);

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <param name="cancellationToken">Signalled when the host's shutdown limit is over: then what still runs is ended.</param>
    public async Task StoppedAsync(CancellationToken cancellationToken)
    {
        if (start.Started is not { } pool)
        {
            return;
        }

        pool.Close();
        try
        {
            await pool.JoinAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            await pool.TerminateAsync().ConfigureAwait(false);
        }
    }
}
