namespace MultiProc.Chaos;

/// <summary>
/// Does to random processes of the pools what can happen to processes: they are killed, stopped for a while, stopped and killed, or slowed; their status pages
/// are overwritten before they die, and their shared memory is to be cut off. It does not ask what they are: workers at work, idle, starting, waiting as a spare,
/// leaving, or looking into another.
/// </summary>
internal sealed class Monkey(Ledger ledger, Random random)
{
    public int Kills { get; private set; }

    public int Stops { get; private set; }

    public int Slowdowns { get; private set; }

    /// <summary>Status pages that were overwritten.</summary>
    public int Corruptions { get; private set; }

    /// <summary>Workers whose memory was to be cut off.</summary>
    public int Truncations { get; private set; }

    public async Task RampageAsync(CancellationToken end)
    {
        while (!end.IsCancellationRequested)
        {
            await Task.Delay(200 + random.Next(1_300), CancellationToken.None);
            var victims = ProcessTable.Below(Environment.ProcessId).Order().ToArray();
            if (victims.Length > 0)
            {
                await TormentAsync(victims[random.Next(victims.Length)]);
            }
        }
    }

    // The victim was a process of the pools a moment ago; its number is not reused so soon.
    private async Task TormentAsync(int victim)
    {
        switch (random.Next(11))
        {
            case 0 or 1:
                Stops++;
                Posix.Signal(victim, Posix.Stop);
                await Task.Delay(random.Next(random.Next(4) == 0 ? 2_000 : 150), CancellationToken.None);
                Posix.Signal(victim, Posix.Continue);
                break;
            case 2:
                Stops++;
                Kills++;
                Posix.Signal(victim, Posix.Stop);
                await Task.Delay(random.Next(50), CancellationToken.None);
                Posix.Signal(victim, Posix.Kill);
                break;
            case 3:
                Slowdowns++;
                for (var beat = 0; beat < 25; beat++)
                {
                    Posix.Signal(victim, Posix.Stop);
                    await Task.Delay(15, CancellationToken.None);
                    Posix.Signal(victim, Posix.Continue);
                    await Task.Delay(5, CancellationToken.None);
                }

                break;
            case 4 or 5:
                Posix.Signal(victim, Posix.Stop);
                Corruptions += Vandal.TryCorruptPage(victim, random) ? 1 : 0;
                if (random.Next(2) == 0)
                {
                    // It goes on for a moment with what it finds there.
                    Posix.Signal(victim, Posix.Continue);
                    await Task.Delay(random.Next(20), CancellationToken.None);
                }

                Kills++;
                Posix.Signal(victim, Posix.Kill);
                break;
            case 6:
                Truncations++;
                foreach (var memory in Vandal.Truncate(victim))
                {
                    ledger.Lie($"{memory} could be cut off");
                }

                break;
            default:
                Kills++;
                Posix.Signal(victim, Posix.Kill);
                break;
        }
    }
}
