using System.Globalization;
using System.Net.Sockets;
using Microsoft.Extensions.Logging;

namespace MultiProc.Specs.Faults;

/// <summary>Others of the same user who know where a pool's pipes are, and functions that write into their own worker's.</summary>
public sealed class HostileSpecs : PoolSpec
{
    private const int Refused = 1050;
    private const int Ended = 1060;

    [Spec]
    public async Task Who_comes_to_a_workers_pipe_without_its_secret_is_refused_with_a_logged_reason_and_the_worker_comes_all_the_same()
    {
        using var logs = new CollectingLoggerFactory();
        using var end = new CancellationTokenSource();
        var strangers = Task.Run(() => KnockAsync(end.Token));
        do
        {
            await using var pool = await ProcessPool.StartAsync(new ProcessPoolOptions { Processes = 2, LoggerFactory = logs });
            Assert.Equal(2, (await pool.BroadcastAsync(static () => Environment.ProcessId)).Distinct().Count());
        }
        while (!logs.Lines.Any(static line => line.Event.Id == Refused));
        await end.CancelAsync();
        await strangers;

        Assert.All(logs.Lines.Where(static line => line.Event.Id == Refused), static line =>
        {
            Assert.Equal(LogLevel.Warning, line.Level);
            Assert.Matches("worker w[01] and was refused: ", line.Message);
        });
    }

    [SpecTheory]
    [InlineData("a length that is impossible", new byte[] { 0xff, 0xff, 0xff, 0xff, 0, 0, 0, 1 })]
    [InlineData("a frame that is no message", new byte[] { 0, 0, 0, 3, 0, 0, 0, 1, 0xc1, 0xc1, 0xc1 })]
    [InlineData("a message without a version", new byte[] { 0, 0, 0, 1, 0, 0, 0, 1, 0x80 })]
    [InlineData("a frame that came before", new byte[] { 0, 0, 0, 1, 0, 0, 0, 0, 0x80 })]
    public async Task Bytes_that_are_no_message_end_their_connection_with_a_logged_reason_and_nothing_else(string what, byte[] bytes)
    {
        using var logs = new CollectingLoggerFactory();
        await using var pool = await ProcessPool.StartAsync(new ProcessPoolOptions { Processes = 2, LoggerFactory = logs });
        var neighbours = Enumerable.Range(0, 50).Select(i => pool.ApplyAsync(static (int i) => i, i)).ToArray();

        var lost = await Assert.ThrowsAsync<WorkerLostException>(() => pool.ApplyAsync(WriteIntoOwnPipe, bytes, new CallOptions { Name = what }));

        Assert.Equal(what, lost.Function);
        Assert.Equal(Enumerable.Range(0, 50), await Task.WhenAll(neighbours));
        Assert.Equal(1, await pool.RunAsync(static () => 1));
        var line = Assert.Single(logs.Lines, static line => line.Event.Id == Ended);
        Assert.Contains($"process {lost.ProcessId}", line.Message, StringComparison.Ordinal);
        Assert.Matches("it is being killed: .+", line.Message);
        Assert.Equal(1, pool.Statistics.WorkersRestarted);
    }

    /// <summary>Connects to whatever pipe appears, says something wrong, and hangs up.</summary>
    private static async Task KnockAsync(CancellationToken end)
    {
        byte[][] greetings = [[1, 2, 3], new byte[42], [.. "MPRC\0\u0001"u8, .. new byte[36]]];
        for (var turn = 0; !end.IsCancellationRequested; turn++)
        {
            foreach (var pipe in Directory.EnumerateFiles(Path.GetTempPath(), "mp-*"))
            {
                using var stranger = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
                try
                {
                    await stranger.ConnectAsync(new UnixDomainSocketEndPoint(pipe), CancellationToken.None);
                    await stranger.SendAsync(greetings[turn % greetings.Length], CancellationToken.None);
                }
                catch (SocketException)
                {
                    // The worker was there first.
                }
            }

            await Task.Delay(1, CancellationToken.None);
        }
    }

    private static void WriteIntoOwnPipe(byte[] bytes)
    {
        foreach (var descriptor in Directory.GetFiles("/proc/self/fd"))
        {
            if (File.ResolveLinkTarget(descriptor, returnFinalTarget: false)?.Name.StartsWith("socket:", StringComparison.Ordinal) == true)
            {
                Posix.Write(int.Parse(Path.GetFileName(descriptor), CultureInfo.InvariantCulture), bytes);
            }
        }

        Thread.Sleep(Timeout.Infinite);
    }
}
