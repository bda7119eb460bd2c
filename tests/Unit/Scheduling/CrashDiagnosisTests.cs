using MultiProc.Scheduling;

namespace MultiProc.Unit.Scheduling;

public sealed class CrashDiagnosisTests
{
    [Fact]
    public void A_debugger_that_has_gone_is_blamed_and_not_the_call()
    {
        var exit = Exit("SIGKILL", CallStop.Kill) with { Order = new StopOrder(StopCause.LostDebugger, "its debugger has ended and left it standing still") };

        Assert.Contains("debugger", CrashDiagnosis.Of(exit), StringComparison.Ordinal);
        Assert.Equal("ended by SIGKILL because its debugger has ended and left it standing still", exit.Description);
    }

    [Fact]
    public void A_debugger_that_was_there_is_blamed_and_not_the_memory()
    {
        Assert.Contains("debugger", CrashDiagnosis.Of(Exit("SIGKILL") with { WasDebugged = true }), StringComparison.Ordinal);
        Assert.DoesNotContain("memory", CrashDiagnosis.Of(Exit("SIGKILL") with { WasDebugged = true }), StringComparison.Ordinal);
        Assert.Contains("memory", CrashDiagnosis.Of(Exit("SIGKILL")), StringComparison.Ordinal);
    }

    [Fact]
    public void A_crash_under_a_debugger_is_a_crash() =>
        Assert.Contains("native code", CrashDiagnosis.Of(Exit("SIGSEGV") with { WasDebugged = true }), StringComparison.Ordinal);

    [Fact]
    public void Who_asked_for_the_end_is_said()
    {
        var asked = Exit("SIGTERM", CallStop.Termination) with { Order = new StopOrder(StopCause.Request, "somebody asked for it over the control pipe") };

        Assert.Contains("multiproc kill", CrashDiagnosis.Of(asked), StringComparison.Ordinal);
        Assert.Equal("ended by SIGTERM because somebody asked for it over the control pipe", asked.Description);
    }

    [Fact]
    public void An_order_that_came_too_late_is_no_cause() =>
        Assert.Equal("exit code 3", (Exit(null) with { Order = new StopOrder(StopCause.Request, "somebody asked") }).Description);

    [Theory]
    [InlineData("", 0)]
    [InlineData("one", 2)]
    [InlineData("1\n2\n3\n4\n5\n6\n7\n8\n9", 6)]
    public void Of_what_a_worker_wrote_a_few_lines_are_told(string written, int lines) =>
        Assert.Equal(lines, StandardErrorExcerpt.Of(written).Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);

    [Fact]
    public void The_runtimes_report_of_a_crash_is_told_from_its_beginning()
    {
        var written = string.Join('\n', Enumerable.Range(0, 50).Select(static i => $"noise {i}"))
            + "\nUnhandled exception. System.InvalidOperationException: that is it\n" + string.Join('\n', Enumerable.Range(0, 50).Select(static i => $"   at Frame{i}()"));

        var told = StandardErrorExcerpt.Of(written);
        Assert.Contains("that is it", told, StringComparison.Ordinal);
        Assert.Contains("Frame0", told, StringComparison.Ordinal);
        Assert.DoesNotContain("noise", told, StringComparison.Ordinal);
        Assert.Contains("(96 more lines are in StandardErrorTail)", told, StringComparison.Ordinal);
    }

    [Fact]
    public void A_line_that_is_very_long_is_cut() => Assert.InRange(StandardErrorExcerpt.Of(new string('x', 8_000)).Length, 300, 400);

    private static RunnerExit Exit(string? signal, CallStop? stoppedBy = null) => new(0, 4711, signal is null ? 3 : null, signal, "", stoppedBy);
}
