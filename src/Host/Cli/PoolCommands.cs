using System.CommandLine;
using MultiProc.Host.Pools;
using MultiProc.Host.Verbs;
using MultiProc.Host.View;

namespace MultiProc.Host.Cli;

/// <summary><c>multiproc stop</c>, <c>kill</c>, <c>recycle</c> and <c>resize</c>: orders to a pool.</summary>
internal static class PoolCommands
{
    public static Command CreateStop()
    {
        var name = PoolArguments.Name();
        var now = new Option<bool>("--now") { Description = "Give up the calls that wait or run." };
        var verb = new Verb(
            "stop",
            "Ends a served pool: it takes no new calls, finishes those it has, and is gone when this command returns.",
            ("stop Tools", "When its calls have ended"),
            ("stop Tools --now", "At once"))
        {
            Notes = "A pool inside an application is the application's to end.",
        };
        verb.Add(name);
        verb.Add(now);
        verb.SetAction((parsed, _) => OrderAsync("stop", parsed.GetRequiredValue(name), async (pool, token) =>
        {
            await pool.StopAsync(parsed.GetValue(now), token).ConfigureAwait(false);
            await pool.Closed.WaitAsync(token).ConfigureAwait(false);
        }));
        return verb;
    }

    public static Command CreateKill()
    {
        var (name, worker) = (PoolArguments.Name(), PoolArguments.Worker());
        var verb = new Verb(
            "kill",
            "Ends workers of a pool by force: the calls in them fail, and they are replaced.",
            ("kill Tools w2", "One worker, such as one that hangs"),
            ("kill Tools", "All workers of the pool"));
        verb.Add(name);
        verb.Add(worker);
        verb.SetAction((parsed, _) => OrderAsync("kill", parsed.GetRequiredValue(name), async (pool, token) =>
            Tell("Killed", await pool.KillAsync(parsed.GetValue(worker), token).ConfigureAwait(false))));
        return verb;
    }

    public static Command CreateRecycle()
    {
        var (name, worker) = (PoolArguments.Name(), PoolArguments.Worker());
        var verb = new Verb(
            "recycle",
            "Replaces workers of a pool by fresh ones, each when it has ended its call; no call is lost.",
            ("recycle Tools", "All workers of the pool, such as after a leak"),
            ("recycle Tools w2", "One worker"));
        verb.Add(name);
        verb.Add(worker);
        verb.SetAction((parsed, _) => OrderAsync("recycle", parsed.GetRequiredValue(name), async (pool, token) =>
            Tell("Being replaced:", await pool.RecycleAsync(parsed.GetValue(worker), token).ConfigureAwait(false))));
        return verb;
    }

    public static Command CreateResize()
    {
        var name = PoolArguments.Name();
        var processes = new Argument<int>("PROCESSES") { Description = "The new number of workers, from 1 to 4,096." };
        var verb = new Verb(
            "resize",
            "Changes the number of a pool's workers; those that are too many leave when their calls have ended.",
            ("resize Tools 8", "Eight workers"));
        verb.Add(name);
        verb.Add(processes);
        verb.SetAction((parsed, _) => OrderAsync("resize", parsed.GetRequiredValue(name), async (pool, token) =>
        {
            await pool.ResizeAsync(parsed.GetValue(processes), token).ConfigureAwait(false);
            Console.Out.WriteLine($"The pool has {Cells.Counted(parsed.GetValue(processes), "worker")}.");
        }));
        return verb;
    }

    private static Task<int> OrderAsync(string verb, string name, Func<PoolConnection, CancellationToken, Task> order) => Outcome.OfClientAsync(verb, async token =>
    {
        var pool = await PoolFinder.ConnectAsync(name, token).ConfigureAwait(false);
        await using (pool.ConfigureAwait(false))
        {
            await order(pool, token).ConfigureAwait(false);
            return HostExitCode.Success;
        }
    });

    private static void Tell(string what, IReadOnlyList<int> slots) =>
        Console.Out.WriteLine(slots.Count == 0 ? "No worker was there: they are being replaced already." : $"{what} {string.Join(", ", slots.Select(static slot => "w" + slot))}");
}
