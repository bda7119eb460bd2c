namespace MultiProc.HostSpecs.Control;

/// <summary>The live views, on a terminal.</summary>
public sealed class TerminalSpecs : PoolSpec
{
    // One of the eight; 39 is none.
    private const string Colour = @"\e\[3[0-7]m";

    private const string Sleep = ServedPool.Functions + "CommandFunctions.Sleep";

    private static string Serve => $"{Built.Multiproc} serve {Built.Functions} --name shown --processes 2";

    [Spec]
    public async Task A_served_pool_is_shown_live_and_fits_every_size()
    {
        SkipWithoutTmux();
        using var scratch = new Scratch();
        using var terminal = Terminal.Run(80, 24, scratch.Path, Serve);
        await terminal.ShowsAsync("is ready");
        using var call = Started.In(scratch.Path, Built.Multiproc, "call", "shown", Sleep, "3600000");
        await terminal.ShowsAsync("busy ");

        await terminal.ShowsAsync("CommandFunctions.Sleep");
        Assert.StartsWith("shown  serving  process ", terminal.Lines[0], StringComparison.Ordinal);
        Assert.StartsWith("2 workers, 1 busy, 0 queued", terminal.Lines[1], StringComparison.Ordinal);
        Assert.Matches("^WORKER +PID  STATE +FOR +DONE +MEM +CPU  CALL", terminal.Lines[4]);
        Assert.Matches(Colour, terminal.Look(withStyles: true));

        terminal.Resize(200, 30);
        await terminal.ShowsAsync("DEBUGGER");
        Assert.Contains(terminal.Lines, static line => line.EndsWith("  " + Sleep, StringComparison.Ordinal));

        terminal.Resize(40, 10);
        await Eventually.TrueAsync(() => terminal.Lines[4].StartsWith("WORKER  STATE", StringComparison.Ordinal));
        Assert.Single(terminal.Lines, static line => line.StartsWith("shown ", StringComparison.Ordinal));
        Assert.Contains(terminal.Lines, static line => line.StartsWith("Ctrl-C ends the pool", StringComparison.Ordinal));

        // The first one is a request, the second an order; then the screen is as it was before.
        terminal.Type("C-c");
        await terminal.ShowsAsync("ending: waits for its calls");
        terminal.Type("C-c");
        await terminal.ShowsAsync("exit 130");
        Assert.Equal("before", terminal.Lines[0]);
        Assert.DoesNotContain("WORKER", terminal.Look(), StringComparison.Ordinal);
        Assert.Equal(1, (await call.EndedUnreadAsync()).ExitCode);
    }

    [Spec]
    public async Task Any_pool_is_watched_from_another_terminal_without_colours_if_asked()
    {
        SkipWithoutTmux();
        await using var pool = await ProcessPool.StartAsync(new ProcessPoolOptions { Processes = 2, Name = "library" }, TestContext.Current.CancellationToken);
        using var terminal = Terminal.Run(80, 24, Path.GetTempPath(), $"NO_COLOR=1 {Built.Multiproc} top library --interval 100ms");
        await terminal.ShowsAsync("idle");

        Assert.StartsWith("library  running  process ", terminal.Lines[0], StringComparison.Ordinal);
        Assert.DoesNotMatch(Colour, terminal.Look(withStyles: true));
        await pool.ResizeAsync(3, TestContext.Current.CancellationToken);
        await terminal.ShowsAsync("3 workers, 0 busy");

        terminal.Type("C-c");
        await terminal.ShowsAsync("exit 0");
        Assert.Equal("before", terminal.Lines[0]);
    }

    private static void SkipWithoutTmux() => Assert.SkipUnless(Terminal.IsAvailable, "tmux is not here.");
}
