using MultiProc.Analyzers.Rules;

namespace MultiProc.AnalyzerTests;

public sealed class HookTests
{
    [Theory]
    [InlineData("SelfContained")]
    [InlineData("PublishSingleFile")]
    public Task A_program_that_is_run_again_to_be_its_workers_must_let_them_in(string property) => Verify.ProgramAsync<HookAnalyzer>(
        "await using var pool = await {|MULTIPROC008:ProcessPool.StartAsync(1)|};", property);

    [Theory]
    [InlineData("SelfContained")]
    [InlineData("PublishSingleFile")]
    public Task A_program_that_does_is_left_alone(string property) => Verify.ProgramAsync<HookAnalyzer>(
        "ProcessPool.RunWorkerIfRequested(); await using var pool = await ProcessPool.StartAsync(1);", property);

    [Fact]
    public Task A_program_that_dotnet_runs_needs_no_hook() => Verify.ProgramAsync<HookAnalyzer>("await using var pool = await ProcessPool.StartAsync(1);");

    [Fact]
    public Task A_library_has_no_main_to_put_it_in() =>
        Verify.BodyAsync<HookAnalyzer>("await using var other = await ProcessPool.StartAsync(1);", "");
}
