namespace MultiProc.HostSpecs.Host;

public sealed class InterruptionSpecs : PoolSpec
{
    private const int Interrupt = 2;

    [SpecTheory]
    [InlineData(Interrupt, 130)]
    [InlineData(Posix.Terminate, 143)]
    public async Task A_signal_ends_a_run_and_what_is_finished_is_written(int signal, int exitCode)
    {
        using var started = Started.Multiproc(Started.FunctionCall("Sleep", "--range", "0..1000000", "--processes", "2"));
        Assert.Equal("0", await started.Output.ReadLineAsync(TestContext.Current.CancellationToken));

        Posix.Signal(started.Id, signal);

        var ended = await started.EndWithOpenInputAsync();
        Assert.Equal(exitCode, ended.ExitCode);
        Assert.Equal(Enumerable.Range(1, ended.Lines.Length).Select(static number => $"{number}"), ended.Lines);
    }

    [Spec]
    public async Task A_run_that_waits_for_its_input_can_be_interrupted()
    {
        using var started = Started.Multiproc(Started.FunctionCall("Print", "--input", "-", "--processes", "1"));
        await started.WriteLineAsync("\"a line\"");
        Assert.Equal("null", await started.Output.ReadLineAsync(TestContext.Current.CancellationToken));

        Posix.Signal(started.Id, Interrupt);

        var ended = await started.EndWithOpenInputAsync();
        Assert.Equal((130, ""), (ended.ExitCode, ended.Output));
    }

    [Spec]
    public async Task A_result_is_written_as_soon_as_it_is_there()
    {
        using var started = Started.Multiproc(Started.FunctionCall("Reverse", "--input", "-", "--processes", "1"));
        for (var line = 0; line < 3; line++)
        {
            await started.WriteLineAsync($"\"{line}\"");

            Assert.Equal($"\"{line}\"", await started.Output.ReadLineAsync(TestContext.Current.CancellationToken));
        }

        Assert.Equal(0, (await started.EndAsync()).ExitCode);
    }
}
