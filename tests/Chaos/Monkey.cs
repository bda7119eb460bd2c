namespace MultiProc.Chaos;

/// <summary>
/// Does to random processes of the pools what can happen to processes: they are killed, stopped for a while, stopped and killed, or slowed; or their status page
/// is overwritten, as native code that runs wild does, and then they are killed. It does not ask what they are: workers at work, idle, starting, waiting as a spare, leaving, or looking into another.
/// </summary>
internal sealed class Monkey(Random random)
{
    // As docs/protocol.md says.
    private const int StatusPageLength = 1 << 16;
    private const int StatusLength = 192;

    public int Kills { get; private set; }

    public int Stops { get; private set; }

    public int Slowdowns { get; private set; }

    /// <summary>Status pages that were overwritten.</summary>
    public int Corruptions { get; private set; }

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
        switch (random.Next(9))
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
            case 4:
                Corruptions += CorruptStatus(victim) ? 1 : 0;
                Kills++;
                Posix.Signal(victim, Posix.Kill);
                break;
            default:
                Kills++;
                Posix.Signal(victim, Posix.Kill);
                break;
        }
    }

    // The part in front of the journal: what the host reads there to find out which call was running. Of the journal wrong values could be read.
    private bool CorruptStatus(int victim)
    {
        var bytes = new byte[StatusLength];
        switch (random.Next(3))
        {
            case 0:
                break;
            case 1:
                Array.Fill(bytes, byte.MaxValue);
                break;
            default:
                random.NextBytes(bytes);
                break;
        }

        try
        {
            foreach (var link in Directory.EnumerateFiles($"/proc/{victim}/fd"))
            {
                if (File.ResolveLinkTarget(link, returnFinalTarget: false)?.Name.StartsWith("memfd:", StringComparison.Ordinal) != true)
                {
                    continue;
                }

                using var memory = new FileStream(link, FileMode.Open, FileAccess.Write, FileShare.ReadWrite, bufferSize: 0);
                if (memory.Length == StatusPageLength)
                {
                    memory.Write(bytes);
                    return true;
                }
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // It has just ended.
        }

        return false;
    }
}
