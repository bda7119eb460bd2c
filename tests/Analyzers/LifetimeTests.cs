using MultiProc.Analyzers.Rules;
using MultiProc.CodeFixes;

namespace MultiProc.AnalyzerTests;

public sealed class LifetimeTests
{
    [Theory]
    [InlineData("var {|MULTIPROC005:mine = await ProcessPool.StartAsync(2)|}; await mine.RunAsync(() => 1);")]
    [InlineData("IProcessPool {|MULTIPROC005:mine = await ProcessPool.StartAsync(2).ConfigureAwait(false)|}; await mine.MapAsync(x => x, new[] { 1 });")]
    [InlineData("var {|MULTIPROC005:mine = ProcessPool.StartAsync(2).GetAwaiter().GetResult()|}; Console.WriteLine(mine.Workers.Count);")]
    [InlineData("var {|MULTIPROC005:mine = await ProcessPool.StartAsync(2)|}; mine.Close();")]
    public Task A_pool_that_nobody_ends_is_marked(string body) => Verify.BodyAsync<LifetimeAnalyzer>(body);

    [Theory]
    [InlineData("await using var mine = await ProcessPool.StartAsync(2); await mine.RunAsync(() => 1);")]
    [InlineData("await using (var mine = await ProcessPool.StartAsync(2)) { }")]
    [InlineData("var mine = await ProcessPool.StartAsync(2); await using (mine) { }")]
    [InlineData("var mine = await ProcessPool.StartAsync(2); await using var _ = mine.ConfigureAwait(false);")]
    [InlineData("var mine = await ProcessPool.StartAsync(2); try { } finally { await mine.DisposeAsync(); }")]
    [InlineData("var mine = await ProcessPool.StartAsync(2); mine?.Dispose();")]
    [InlineData("var mine = await ProcessPool.StartAsync(2); mine.Close(); await mine.JoinAsync();")]
    [InlineData("var mine = await ProcessPool.StartAsync(2); _pool = mine;")]
    [InlineData("var mine = await ProcessPool.StartAsync(2); Keep(mine);")]
    [InlineData("var mine = await ProcessPool.StartAsync(2); Console.CancelKeyPress += (_, _) => mine.Dispose();")]
    [InlineData("var mine = await SharedAsync(); await mine.RunAsync(() => 1);")]
    public Task A_pool_that_is_ended_or_handed_on_or_of_somebody_else_is_left_alone(string body) =>
        Verify.BodyAsync<LifetimeAnalyzer>(body, "public ProcessPool? _pool; void Keep(ProcessPool pool) => _pool = pool; Task<ProcessPool> SharedAsync() => null!;");

    [Theory]
    [InlineData("{|MULTIPROC005:_mine = await ProcessPool.StartAsync(2)|};", "private ProcessPool? _mine; int Workers => _mine!.Workers.Count;")]
    [InlineData("_mine = await ProcessPool.StartAsync(2);", "private ProcessPool? _mine; void End() => _mine!.Dispose();")]
    [InlineData("_mine = await ProcessPool.StartAsync(2);", "private ProcessPool? _mine; ProcessPool Mine => _mine!;")]
    [InlineData("_mine = await ProcessPool.StartAsync(2);", "private ProcessPool? _mine; sealed class End(C owner) { void Now() => owner._mine!.Dispose(); }")]
    [InlineData("_mine = await ProcessPool.StartAsync(2);", "public ProcessPool? _mine;")]
    [InlineData("s_mine = await ProcessPool.StartAsync(2);", "private static ProcessPool? s_mine;")]
    [InlineData("_mine = pool;", "private ProcessPool? _mine; int Workers => _mine!.Workers.Count;")]
    public Task A_private_field_is_looked_after_by_its_type(string body, string members) => Verify.BodyAsync<LifetimeAnalyzer>(body, members);

    [Theory]
    [InlineData("var {|MULTIPROC005:mine = await ProcessPool.StartAsync(2)|};", "await using var mine = await ProcessPool.StartAsync(2);")]
    [InlineData("var {|MULTIPROC005:mine = ProcessPool.StartAsync(2).Result|};", "using var mine = ProcessPool.StartAsync(2).Result;")]
    public Task A_pool_can_be_disposed_by_its_declaration(string body, string fixedBody) => Verify.FixAsync<LifetimeAnalyzer, AwaitUsingCodeFix>(body, fixedBody);
}
