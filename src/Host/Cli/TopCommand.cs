using System.CommandLine;
using MultiProc.Host.Pools;
using MultiProc.Host.Verbs;
using MultiProc.Host.View;

namespace MultiProc.Host.Cli;

/// <summary><c>multiproc top</c>: the live view of any pool.</summary>
internal static class TopCommand
{
    private static readonly TimeSpan DefaultInterval = TimeSpan.FromSeconds(1);

    public static Command Create()
    {
        var name = PoolArguments.Name(isOptional: true);
        var interval = DurationOption.Create("--interval", "How often to look, such as 500ms. Default: 1s.");
        var verb = new Verb(
            "top",
            "Shows what a pool is doing: its workers, their calls, and what happened last.",
            ("top", "The only pool there is"),
            ("top images --interval 200ms", "A pool by its name, five times a second"),
            ("top images | cat", "One look, as text"))
        {
            Notes = "Ctrl-C ends the view, and nothing else. It ends by itself when the pool does.",
        };
        verb.Add(name);
        verb.Add(interval);
        verb.SetAction((parsed, _) => Outcome.OfClientAsync("top", token => RunAsync(parsed.GetValue(name), parsed.GetValue(interval) ?? DefaultInterval, token)));
        return verb;
    }

    private static async Task<int> RunAsync(string? name, TimeSpan interval, CancellationToken cancellationToken)
    {
        if (!Screen.IsAvailable)
        {
            Console.Out.Write(PoolListing.Of([await PoolFinder.FindAsync(name, cancellationToken).ConfigureAwait(false)], TimeProvider.System.GetUtcNow()));
            return HostExitCode.Success;
        }

        var connection = await PoolFinder.ConnectAsync(name, cancellationToken).ConfigureAwait(false);
        await using (connection.ConfigureAwait(false))
        {
            try
            {
                using var screen = new Screen();
                var view = new PoolView("Ctrl-C ends the view.");
                await foreach (var pool in connection.WatchAsync(interval, cancellationToken).ConfigureAwait(false))
                {
                    screen.Draw((width, height) => view.Render(pool, [], width, height));
                }
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                // The way to end it.
                return HostExitCode.Success;
            }

            await Console.Error.WriteLineAsync("The pool has ended.").ConfigureAwait(false);
            return HostExitCode.Success;
        }
    }
}
