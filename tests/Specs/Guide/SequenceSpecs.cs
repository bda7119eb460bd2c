using System.Runtime.CompilerServices;
using Spectre.Console;
using static MultiProc.Specs.Guide.Functions;

namespace MultiProc.Specs.Guide;

/// <summary>The guide's maps beyond Python's.</summary>
public sealed class SequenceSpecs(TwoWorkers workers) : SharedPoolSpec(workers), IClassFixture<TwoWorkers>
{
    [Spec]
    public async Task An_endless_source_is_read_as_results_are_consumed()
    {
        var pool = Pool;
        var first = 0;

        // <bounded>
        var readAhead = new MapOptions { MaxBuffered = 16 };
        await foreach (int square in pool.MapStreamAsync(Square, Naturals(), readAhead))
        {
            if (square > 1000)
            {
                first = square;   // 1024
                break;            // stops the source and the calls
            }
        }

        static IEnumerable<int> Naturals()
        {
            for (var number = 0; ; number++)
            {
                yield return number;
            }
        }
        // </bounded>

        Assert.Equal(1024, first);
    }

    [Spec]
    public async Task A_stream_ends_when_its_enumeration_is_cancelled()
    {
        using var source = new CancellationTokenSource();
        async Task EnumerateAsync<T>(IAsyncEnumerable<T> stream)
        {
            await foreach (var _ in stream.WithCancellation(source.Token))
            {
                await source.CancelAsync();
            }
        }

        var endless = Enumerable.Repeat(1, int.MaxValue);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => EnumerateAsync(Pool.MapStreamAsync(Square, endless)));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => EnumerateAsync(Pool.MapSettledStreamUnorderedAsync(Square, endless)));
    }

    [Spec]
    public async Task A_source_may_be_asynchronous()
    {
        var pool = Pool;
        List<int> lengths = [];

        // <async-source>
        await foreach (int length in pool.MapStreamAsync(line => line.Length, ReadLinesAsync()))
        {
            lengths.Add(length);
        }

        static async IAsyncEnumerable<string> ReadLinesAsync([EnumeratorCancellation] CancellationToken token = default)
        {
            await Task.Delay(10, token);   // from a network, say
            yield return "one";
            yield return "three";
        }
        // </async-source>

        Assert.Equal([3, 5], lengths);
    }

    [Spec]
    public async Task A_settled_map_keeps_what_is_good()
    {
        var pool = Pool;

        // <settled>
        MapOutcome<int>[] outcomes = await pool.MapSettledAsync(int.Parse, ["1", "two", "3"]);
        foreach (var outcome in outcomes)
        {
            Console.WriteLine(outcome.IsSuccess ? $"{outcome.Value}" : $"failed: {outcome.Error!.Message}");
        }
        // </settled>

        Assert.Equal([true, false, true], outcomes.Select(static outcome => outcome.IsSuccess));
        Assert.IsType<FormatException>(outcomes[1].Error);
    }

    [Spec]
    public async Task A_settled_stream_goes_on_past_failures()
    {
        var pool = Pool;
        var (sum, failed) = (0, 0);

        // <settled-stream>
        await foreach (var outcome in pool.MapSettledStreamAsync(int.Parse, ["1", "two", "3"]))
        {
            if (outcome.IsSuccess)
            {
                sum += outcome.Value;
            }
            else
            {
                failed++;
            }
        }
        // </settled-stream>

        Assert.Equal((4, 1), (sum, failed));
    }

    [Spec]
    public async Task A_fold_runs_where_the_results_are()
    {
        var pool = Pool;

        // <reduce>
        string[] words = ["a", "long", "way", "to", "Tipperary"];
        int letters = await pool.MapReduceAsync(word => word.Length, (a, b) => a + b, words);             // 19
        string joined = await pool.MapReduceAsync(word => word.ToUpper(), (a, b) => a + "-" + b, words);  // in order
        // </reduce>

        Assert.Equal(19, letters);
        Assert.Equal("A-LONG-WAY-TO-TIPPERARY", joined);
    }

    [Spec]
    public async Task A_fold_with_a_seed_has_a_result_for_nothing()
    {
        var pool = Pool;

        // <reduce-seed>
        string[] nothing = [];
        int letters = await pool.MapReduceAsync(word => word.Length, (a, b) => a + b, nothing, seed: 0);   // 0
        // </reduce-seed>

        Assert.Equal(0, letters);
    }

    [Spec]
    public async Task A_map_tells_how_far_it_is()
    {
        var pool = Pool;
        var last = default(MapProgress);

        // <map-progress>
        var progress = new Progress<MapProgress>(now => last = now);   // such as 600 of 1000
        int[] squares = await pool.MapAsync(Square, Enumerable.Range(0, 1000), new MapOptions { Progress = progress });
        // </map-progress>

        await Eventually.TrueAsync(() => last.Completed > 0);
        Assert.Equal(1000, last.Total);
        Assert.Equal(1000, squares.Length);
    }

    [Spec]
    public async Task A_bar_on_the_terminal_shows_how_far_a_map_is()
    {
        var pool = Pool;
        using var screen = new StringWriter();
        AnsiConsole.Console = AnsiConsole.Create(new AnsiConsoleSettings { Ansi = AnsiSupport.Yes, Interactive = InteractionSupport.Yes, Out = new AnsiConsoleOutput(screen) });

        // <map-bar>
        int[] squares = await AnsiConsole.Progress().StartAsync(async bars =>
        {
            IProgress<MapProgress> progress = bars.AddTask("squares").AsMapProgress();
            return await pool.MapAsync(Square, Enumerable.Range(0, 1000), new MapOptions { Progress = progress });
        });
        // </map-bar>

        Assert.Equal(1000, squares.Length);
        Assert.Matches("squares.*100%", screen.ToString());
    }
}
