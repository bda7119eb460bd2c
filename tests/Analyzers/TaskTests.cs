using MultiProc.Analyzers.Rules;
using MultiProc.CodeFixes;

namespace MultiProc.AnalyzerTests;

public sealed class TaskTests
{
    [Theory]
    [InlineData("{|MULTIPROC006:pool.RunAsync(() => 1)|};")]
    [InlineData("{|MULTIPROC006:pool.MapAsync(x => x, new[] { 1 })|};")]
    [InlineData("pool?{|MULTIPROC006:.RunAsync(() => 1)|};")]
    [InlineData("new List<int> { 1 }.ForEach(x => {|MULTIPROC006:pool.ApplyAsync(y => y, x)|});")]
    public Task A_task_that_is_ignored_is_marked(string body) => Verify.BodyAsync<TaskAnalyzer>(body);

    [Theory]
    [InlineData("_ = pool.RunAsync(() => 1);")]
    [InlineData("var task = pool.RunAsync(() => 1); await task;")]
    [InlineData("await pool.RunAsync(() => 1).ConfigureAwait(false);")]
    [InlineData("await Task.WhenAll(new[] { 1 }.Select(x => pool.ApplyAsync(y => y, x)));")]
    [InlineData("pool.Apply(x => x, 1);")]
    public Task A_task_that_is_kept_or_dropped_on_purpose_is_left_alone(string body) => Verify.BodyAsync<TaskAnalyzer>(body);

    [Fact]
    public Task An_ignored_task_can_be_awaited() =>
        Verify.FixAsync<TaskAnalyzer, AwaitCodeFix>("{|MULTIPROC006:pool.RunAsync(() => 1)|};", "await pool.RunAsync(() => 1);");

    [Theory]
    [InlineData("pool?{|MULTIPROC006:.RunAsync(() => 1)|};", "")]
    [InlineData("Start(pool);", "static void Start(ProcessPool pool) { {|MULTIPROC006:pool.RunAsync(() => 1)|}; }")]
    public Task Where_nothing_can_be_awaited_it_is_not_fixed(string body, string members) => Verify.FixAsync<TaskAnalyzer, AwaitCodeFix>(body, body, members);
}
