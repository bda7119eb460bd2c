using MultiProc.Analyzers.Rules;
using MultiProc.CodeFixes;

namespace MultiProc.AnalyzerTests;

public sealed class CaptureTests
{
    [Theory]
    [InlineData("await pool.RunAsync(() => {|MULTIPROC001:_number|} + _number);")]
    [InlineData("await pool.RunAsync(() => {|MULTIPROC001:this|});")]
    [InlineData("await pool.RunAsync(() => {|MULTIPROC001:Number()|});")]
    [InlineData("await pool.MapAsync(x => x + {|MULTIPROC001:_number|}, new[] { 1 });")]
    [InlineData("await pool.RunAsync(() => { Func<int> inner = () => {|MULTIPROC001:_number|}; return inner(); });")]
    [InlineData("await ProcessPool.StartAsync(new ProcessPoolOptions().WithInitializer(() => { {|MULTIPROC001:_number|} = 2; }));")]
    public Task A_lambda_that_uses_a_member_captures_this(string body) => Verify.BodyAsync<CaptureAnalyzer>(body, "int _number = 1; int Number() => 1;");

    [Theory]
    [InlineData("var number = _number; await pool.RunAsync(() => number + 1);")]
    [InlineData("await pool.RunAsync(() => nameof(_number) + nameof(pool));")]
    [InlineData("await pool.RunAsync(() => S_number + Constant);")]
    [InlineData("await pool.RunAsync(() => new List<int> { 1 }.Count + new C { _number = 2 }._number);")]
    [InlineData("Func<int> local = () => _number; local();")]
    public Task Without_it_nothing_is_said(string body) => Verify.BodyAsync<CaptureAnalyzer>(body, "int _number = 1; static int S_number = 1; const int Constant = 1;");

    [Theory]
    [InlineData("{|MULTIPROC002:Number()|}", "readonly FileStream _file = null!; int Number() => 1;")]
    [InlineData("{|MULTIPROC002:_number|}", "int _number = 1; ProcessPool Pool { get; } = null!;")]
    [InlineData("{|MULTIPROC002:_number|}", "int _number = 1; readonly List<Part> _parts = []; sealed class Part { public Stream Content = null!; }")]
    [InlineData("{|MULTIPROC001:_number|}", "int _number = 1; FileStream? _file; [NonSerialized] FileStream _other = null!;")]
    [InlineData("{|MULTIPROC001:_number|}", "int _number = 1; static readonly Lock Gate = new(); event EventHandler? Changed; Func<Stream> _open = null!; IProgress<Stream> _progress = null!;")]
    [InlineData("{|MULTIPROC001:_number|}", "int _number = 1; C? _next; C _self = null!; IComparer<Stream> _order = null!;")]
    public Task This_cannot_cross_if_a_member_that_is_always_there_cannot(string use, string members) =>
        Verify.BodyAsync<CaptureAnalyzer>($"await pool.RunAsync(() => {use});", members);

    [Fact]
    public Task A_parameter_of_a_primary_constructor_is_a_member() => Verify.ProgramAsync<CaptureAnalyzer>("""
        await new Service(1).WorkAsync(null!);

        sealed class Service(int number)
        {
            public Task WorkAsync(ProcessPool pool) => pool.RunAsync(() => {|MULTIPROC001:number|} + 1);
        }
        """);

    [Theory]
    [InlineData("var stream = File.OpenRead(\"x\"); await pool.RunAsync(() => {|MULTIPROC002:stream|}.Length + stream.Position);")]
    [InlineData("var source = new CancellationTokenSource(); await pool.RunAsync(() => {|MULTIPROC002:source|}.Cancel());")]
    [InlineData("var gate = new Lock(); await pool.RunAsync(() => { lock ({|MULTIPROC002:gate|}) { } });")]
    [InlineData("await pool.RunAsync(() => {|MULTIPROC002:pool|}.Workers.Count);")]
    [InlineData("IProcessPool other = pool; await pool.RunAsync(() => {|MULTIPROC002:other|}.Workers.Count);")]
    [InlineData("var tasks = new[] { Task.CompletedTask }; await pool.RunAsync(() => {|MULTIPROC002:tasks|}.Length);")]
    [InlineData("var streams = new Dictionary<string, List<Stream>>(); await pool.RunAsync(() => {|MULTIPROC002:streams|}.Count);")]
    [InlineData("var pair = (1, new Mutex()); await pool.RunAsync(() => {|MULTIPROC002:pair|}.Item1);")]
    [InlineData("IServiceProvider services = null!; await pool.RunAsync(() => {|MULTIPROC002:services|}.GetService(typeof(int)));")]
    [InlineData("var stream = File.OpenRead(\"x\"); await pool.RunAsync(() => { Func<long> inner = () => {|MULTIPROC002:stream|}.Length; return inner(); });")]
    public Task A_variable_that_cannot_be_copied_is_marked_where_it_is_captured(string body) => Verify.BodyAsync<CaptureAnalyzer>(body);

    [Theory]
    [InlineData("var token = new CancellationTokenSource().Token; await pool.RunAsync(() => token.IsCancellationRequested);")]
    [InlineData("var text = \"text\"; await pool.RunAsync(() => { var stream = new MemoryStream(); return stream.Length + text.Length; });")]
    [InlineData("var shared = new SharedLock(); await pool.RunAsync(async () => { using (await shared.AcquireAsync()) { } });")]
    [InlineData("var count = new SharedValue<int>(); await pool.RunAsync(() => { count.Value = 1; });")]
    [InlineData("IProgress<int> progress = new Progress<int>(); await pool.RunAsync(() => progress.Report(1));")]
    [InlineData("Func<Stream> open = () => File.OpenRead(\"x\"); await pool.RunAsync(() => open().Length);")]
    [InlineData("object anything = new MemoryStream(); await pool.RunAsync(() => anything.ToString());")]
    [InlineData("var comparer = Comparer<Stream>.Default; await pool.RunAsync(() => comparer.ToString());")]
    [InlineData("await pool.RunAsync(async () => { await Task.Yield(); return 1; });")]
    [InlineData("await Task.Run(() => pool.Workers.Count);")]
    public Task What_can_cross_and_what_is_no_call_is_left_alone(string body) => Verify.BodyAsync<CaptureAnalyzer>(body);

    [Fact]
    public Task What_the_lambda_reads_of_this_can_be_copied_to_local_variables() => Verify.FixAsync<CaptureAnalyzer, CopyToLocalCodeFix>(
        """
        // As always.
                var sum = await pool.RunAsync(() => {|MULTIPROC001:_number|} + this.Factor * _number);
        """,
        """
        // As always.
                var number = _number;
                var factor = this.Factor;
                var sum = await pool.RunAsync(() => number + factor * number);
        """,
        "int _number = 1; int Factor { get; } = 2;");

    [Fact]
    public Task A_copy_takes_a_name_that_is_free() => Verify.FixAsync<CaptureAnalyzer, CopyToLocalCodeFix>(
        """
        var number = 2;
                await pool.RunAsync(() => {|MULTIPROC001:_number|} + number);
        """,
        """
        var number = 2;
                var numberCopy = _number;
                await pool.RunAsync(() => numberCopy + number);
        """,
        "int _number = 1;");

    [Fact]
    public Task It_is_a_way_out_for_an_object_that_cannot_cross_too() => Verify.FixAsync<CaptureAnalyzer, CopyToLocalCodeFix>(
        "await pool.RunAsync(() => {|MULTIPROC002:_number|} + 1);",
        """
        var number = _number;
                await pool.RunAsync(() => number + 1);
        """,
        "int _number = 1; readonly Lock _gate = new();");

    [Theory]
    [InlineData("await pool.RunAsync(() => {|MULTIPROC001:Number()|} + _number);")]
    [InlineData("await pool.RunAsync(() => { {|MULTIPROC001:_number|} = 2; });")]
    [InlineData("while (await pool.RunAsync(() => {|MULTIPROC001:_number|}) < 1) { _number++; }")]
    [InlineData("var stream = File.OpenRead(\"x\"); await pool.RunAsync(() => {|MULTIPROC002:stream|}.Length);")]
    public Task What_a_copy_would_not_do_for_is_not_fixed(string body) =>
        Verify.FixAsync<CaptureAnalyzer, CopyToLocalCodeFix>(body, body, "int _number = 1; int Number() => 1;");
}
