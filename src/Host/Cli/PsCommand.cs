using System.CommandLine;
using MultiProc.Host.Pools;
using MultiProc.Host.Verbs;

namespace MultiProc.Host.Cli;

/// <summary><c>multiproc ps</c>: every pool of this user on this machine.</summary>
internal static class PsCommand
{
    public static Command Create()
    {
        var json = new Option<bool>("--json") { Description = "Print a JSON array of pools, in the form that docs/control.md describes." };
        var verb = new Verb(
            "ps",
            "Lists the pools of this user on this machine, in any application that uses the library, with their workers.",
            ("ps", "All pools and workers"),
            ("ps --json | jq '.[].workers[] | select(.state == \"busy\")'", "For scripts: the workers that are busy"));
        verb.Add(json);
        verb.SetAction((parsed, _) => Outcome.OfClientAsync("ps", async token =>
        {
            var pools = await PoolConnection.ListAsync(token).ConfigureAwait(false);
            Console.Out.Write(parsed.GetValue(json)
                ? $"[{string.Join(",\n ", pools.Select(static pool => TerminalText.Json(pool.ToJson())))}]\n"
                : PoolListing.Of(pools, TimeProvider.System.GetUtcNow()));
            return HostExitCode.Success;
        }));
        return verb;
    }
}
