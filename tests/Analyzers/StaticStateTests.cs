using MultiProc.Analyzers.Rules;

namespace MultiProc.AnalyzerTests;

public sealed class StaticStateTests
{
    private const string Members = """
        static int s_count;
        static List<int> Items { get; } = [];
        static readonly SharedValue<int> Shared = new();
        static readonly int[] Numbers = new int[3];
        static void Count() => s_count++;
        static int Read() => s_count;
        """;

    [Theory]
    [InlineData("await pool.RunAsync(() => { {|MULTIPROC004:s_count|}++; }); Console.WriteLine(s_count);")]
    [InlineData("await pool.RunAsync(() => { {|MULTIPROC004:C.s_count|} += 2; }); if (s_count > 0) { }")]
    [InlineData("await pool.RunAsync(() => Interlocked.Increment(ref {|MULTIPROC004:s_count|})); Console.WriteLine(s_count);")]
    [InlineData("await pool.MapAsync(x => { {|MULTIPROC004:Items|}.Add(x); return 0; }, new[] { 1 }); foreach (var item in Items) { }")]
    [InlineData("await pool.RunAsync(() => { {|MULTIPROC004:Items|}[0] = 1; }); Console.WriteLine(Items.Count);")]
    [InlineData("await pool.RunAsync(() => { {|MULTIPROC004:Numbers|}[0]++; }); Console.WriteLine(Numbers[0]);")]
    [InlineData("static void Local() => {|MULTIPROC004:s_count|}++; await pool.RunAsync(Local); Console.WriteLine(s_count);")]
    [InlineData("static void Local() => {|MULTIPROC004:s_count|}++; await pool.RunAsync(() => Local()); Console.WriteLine(s_count);")]
    public Task A_static_that_a_worker_changes_and_the_host_reads_is_marked(string body) => Verify.BodyAsync<StaticStateAnalyzer>(body, Members);

    [Theory]
    [InlineData("await pool.RunAsync(() => { s_count++; return s_count; });")]
    [InlineData("await pool.RunAsync(() => { s_count++; }); s_count = 0;")]
    [InlineData("await pool.RunAsync(() => { Shared.Value = 1; }); Console.WriteLine(Shared.Value);")]
    [InlineData("await pool.RunAsync(() => Items.Count); Items.Add(1);")]
    [InlineData("await pool.BroadcastAsync(() => { s_count = 1; return 0; }); await pool.RunAsync(Read); await pool.RunAsync(() => Read());")]
    [InlineData("await pool.RunAsync(() => { s_count = 1; }); Func<int> read = () => s_count; await pool.RunAsync(read);")]
    [InlineData("Count(); await pool.RunAsync(Count); Console.WriteLine(s_count);")]
    [InlineData("await pool.RunAsync(() => { s_count++; }); Console.WriteLine(nameof(s_count));")]
    public Task A_static_that_each_side_has_for_itself_is_left_alone(string body) => Verify.BodyAsync<StaticStateAnalyzer>(body, Members);

    [Theory]
    [InlineData("s_count = 1; await pool.RunAsync(() => {|MULTIPROC007:s_count|}); Console.WriteLine(s_count);")]
    [InlineData("s_count++; await pool.MapAsync(x => x + {|MULTIPROC007:C.s_count|}, new[] { 1 });")]
    [InlineData("Items.Add(1); await pool.RunAsync(() => {|MULTIPROC007:Items|}.Count);")]
    [InlineData("s_count = 1; static int Local() => {|MULTIPROC007:s_count|}; await pool.RunAsync(Local);")]
    public Task A_static_that_the_host_changes_and_a_worker_reads_is_marked(string body) => Verify.BodyAsync<StaticStateAnalyzer>(body, Members);

    [Theory]
    [InlineData("await pool.RunAsync(() => s_count); s_count = 1;")]
    [InlineData("s_count = 1; var count = s_count; await pool.RunAsync(() => count);")]
    [InlineData("s_count = 1; await pool.RunAsync(() => nameof(s_count));")]
    [InlineData("s_count = 1; await pool.BroadcastAsync(() => s_count = 2); await pool.RunAsync(() => s_count);")]
    public Task A_static_that_is_set_where_it_is_read_is_left_alone(string body) => Verify.BodyAsync<StaticStateAnalyzer>(body, Members);

    [Fact]
    public Task The_reader_may_be_another_method_that_calls_the_pool() => Verify.ProgramAsync<StaticStateAnalyzer>("""
        await using var pool = await ProcessPool.StartAsync(1);
        await pool.RunAsync(Work.Run);
        await Work.ReportAsync(pool);

        static class Work
        {
            private static int s_done;

            public static void Run() => {|MULTIPROC004:s_done|}++;

            public static async Task ReportAsync(ProcessPool pool)
            {
                await pool.RunAsync(() => 1);
                Console.WriteLine(s_done);
            }
        }
        """);

    [Fact]
    public Task What_an_initializer_sets_is_for_the_workers_functions() => Verify.ProgramAsync<StaticStateAnalyzer>("""
        await using var pool = await ProcessPool.StartAsync(new ProcessPoolOptions().WithInitializer(() => { Model.Current = "loaded"; }));
        await pool.MapAsync(Model.Classify, new[] { 1 });

        static class Model
        {
            public static string? Current { get; set; }

            public static string Classify(int item) => Current + item;
        }
        """);
}
