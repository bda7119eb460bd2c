using MultiProc.Analyzers.Rules;

namespace MultiProc.AnalyzerTests;

public sealed class BoundaryTests
{
    private const string Types = "sealed record Order(string Name, Stream Content); sealed record Draft(string Name, Stream? Content); static long Length(Stream stream) => stream.Length;";

    [Theory]
    [InlineData("await pool.ApplyAsync((Stream stream) => stream.Length, {|MULTIPROC003:File.OpenRead(\"x\")|});")]
    [InlineData("await pool.ApplyAsync(Length, {|MULTIPROC003:File.OpenRead(\"x\")|});")]
    [InlineData("await pool.ApplyAsync((int number, object other) => number, 1, {|MULTIPROC003:new Timer(_ => { })|});")]
    [InlineData("await pool.ApplyAsync((Order order) => order.Name, {|MULTIPROC003:new Order(\"\", null!)|});")]
    [InlineData("await pool.MapAsync({|MULTIPROC003:(Stream stream) => stream.Length|}, new[] { File.OpenRead(\"x\") });")]
    [InlineData("await pool.MapAsync({|MULTIPROC003:Length|}, new[] { File.OpenRead(\"x\") });")]
    [InlineData("await ProcessPool.StartAsync(new ProcessPoolOptions().WithInitializer((Stream stream) => { }, {|MULTIPROC003:File.OpenRead(\"x\")|}));")]
    public Task An_argument_that_cannot_cross_is_marked_where_it_is_given(string body) => Verify.BodyAsync<BoundaryAnalyzer>(body, Types);

    [Theory]
    [InlineData("await pool.RunAsync({|MULTIPROC003:() => File.OpenRead(\"x\")|});")]
    [InlineData("await pool.RunAsync({|MULTIPROC003:async () => { await Task.Yield(); return File.OpenRead(\"x\"); }|});")]
    [InlineData("await pool.RunAsync({|MULTIPROC003:() => new[] { new Timer(_ => { }) }|});")]
    [InlineData("await pool.RunAsync({|MULTIPROC003:() => new Order(\"\", null!)|});")]
    [InlineData("await pool.RunAsync({|MULTIPROC003:() => Task.FromResult(Task.CompletedTask)|});")]
    public Task A_result_that_cannot_cross_is_marked_at_the_function(string body) => Verify.BodyAsync<BoundaryAnalyzer>(body, Types);

    [Theory]
    [InlineData("await pool.ApplyAsync((Stream? stream) => 1, (Stream?)null);")]
    [InlineData("await pool.ApplyAsync((Draft draft) => draft.Name, new Draft(\"\", null));")]
    [InlineData("await pool.ApplyAsync((string path) => File.OpenRead(path).Length, \"x\");")]
    [InlineData("await pool.RunAsync(() => new MemoryStream().ToArray());")]
    [InlineData("await pool.RunAsync(async token => await Task.Delay(1, token));")]
    [InlineData("await pool.RunAsync(async () => { await Task.Yield(); return 1; });")]
    [InlineData("await pool.RunAsync(() => Task.CompletedTask);")]
    [InlineData("await pool.RunAsync(() => new ValueTask<int>(1));")]
    [InlineData("await pool.RunAsync(() => (object)File.OpenRead(\"x\"));")]
    [InlineData("await Task.Run(() => File.OpenRead(\"x\"));")]
    [InlineData("await pool.RunAsync(() => new MemoryStream());")]
    [InlineData("var options = new ProcessPoolOptions().WithSurrogate<Stream, byte[]>(stream => new byte[0], bytes => new MemoryStream(bytes)); await pool.ApplyAsync((Stream stream) => 1, File.OpenRead(\"x\"));")]
    public Task What_can_cross_and_what_is_no_call_is_left_alone(string body) => Verify.BodyAsync<BoundaryAnalyzer>(body, Types);

    [Fact]
    public Task Types_that_lead_back_to_themselves_are_looked_through_once() => Verify.ProgramAsync<BoundaryAnalyzer>("""
        await using var pool = await ProcessPool.StartAsync(1);
        await pool.ApplyAsync((Node node) => 1, new Node());
        await pool.ApplyAsync((Left left) => 1, {|MULTIPROC003:new Left()|});
        await pool.ApplyAsync((Right right) => 1, {|MULTIPROC003:new Right()|});

        sealed class Node { public Node Next = null!; public List<Node> Children = []; }
        sealed class Left { public Right Right = null!; }
        sealed class Right { public Left Left = null!; public Mutex Gate = new(); }
        """);
}
