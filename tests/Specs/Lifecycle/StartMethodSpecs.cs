using MultiProc.SpecHost;

namespace MultiProc.Specs.Lifecycle;

/// <summary>Workers that are the application, run again. Single files and self-contained applications are tried from the packages.</summary>
public sealed class StartMethodSpecs : PoolSpec
{
    private const string Hook = "ProcessPool.RunWorkerIfRequested();";

    [Spec]
    public async Task An_application_that_lets_them_in_is_its_own_worker_and_so_is_its_workers_worker()
    {
        var ended = await RunAsync("Reexecuted");

        Assert.Equal((0, ""), (ended.ExitCode, ended.Error));
        Assert.Matches("^process --multiproc-worker --worker=w[01] --host=", ended.Lines[0]);
        Assert.Matches("^nested --multiproc-worker --worker=w0 --host=", ended.Lines[1]);
        Assert.Equal("ready", ended.Lines[2]);
    }

    [SpecTheory]
    [InlineData("WithoutHook")]
    [InlineData("HookTooLate")]
    public async Task An_application_that_does_not_is_shown_the_line_and_starts_nothing(string scenario)
    {
        var ended = await RunAsync(scenario);

        Assert.Equal(3, ended.ExitCode);
        Assert.Contains("none was started", ended.Error, StringComparison.Ordinal);
        Assert.Contains($"    {Hook}\n", ended.Error, StringComparison.Ordinal);
    }

    [Spec]
    public async Task A_process_that_was_to_be_a_worker_exits_before_it_starts_a_pool_of_its_own()
    {
        var ended = await RunAsync("--multiproc-worker", "WithoutHook");

        Assert.Equal(66, ended.ExitCode);
        Assert.Contains(Hook, ended.Error, StringComparison.Ordinal);
    }

    [Spec]
    public async Task These_specs_which_have_no_hook_are_told_so_by_the_task()
    {
        var starting = ProcessPool.StartAsync(new ProcessPoolOptions { StartMethod = WorkerStartMethod.ReexecuteApplication });

        var exception = await Assert.ThrowsAsync<WorkerStartException>(() => starting);
        Assert.Contains(Hook, exception.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(static () => { _ = ProcessPool.StartAsync(new ProcessPoolOptions { StartMethod = (WorkerStartMethod)7 }); });
    }

    [Spec]
    public async Task The_worker_program_can_be_asked_for_by_name()
    {
        await using var pool = await ProcessPool.StartAsync(new ProcessPoolOptions { Processes = 1, StartMethod = WorkerStartMethod.DotnetExec });

        Assert.EndsWith("MultiProc.Worker.dll", await pool.RunAsync(static () => Environment.GetCommandLineArgs()[0]), StringComparison.Ordinal);
    }

    private static Task<Ended> RunAsync(params string[] arguments) =>
        Started.ToEndAsync("dotnet", ["exec", typeof(Scenarios).Assembly.Location, .. arguments]);
}
