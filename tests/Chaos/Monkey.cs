namespace MultiProc.Chaos;

/// <summary>
/// Does to random processes of the pools what can happen to processes: they are killed, stopped for a while, stopped and killed, or slowed. It does not ask
/// what they are: workers at work, idle, starting, waiting as a spare, leaving, or looking into another.
/// </summary>
internal sealed class Monkey(Random random)
{
    public int Kills { get; private set; }

    public int Stops { get; private set; }

    public int Slowdowns { get; private set; }

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
        switch (random.Next(8))
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
            default:
                Kills++;
                Posix.Signal(victim, Posix.Kill);
                break;
        }
    }
}
