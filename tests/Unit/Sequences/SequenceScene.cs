using MultiProc.Boundary;
using MultiProc.Calls;
using MultiProc.Live;
using MultiProc.Protocol.Calls;
using MultiProc.Protocol.Messages;
using MultiProc.Scheduling;
using MultiProc.Sequences;
using MultiProc.Unit.Scheduling;

namespace MultiProc.Unit.Sequences;

/// <summary>Maps of numbers over fake runners that really run the function, when they are told to.</summary>
internal sealed class SequenceScene
{
    private static readonly CallPolicy Policy = new("Tests.Function", null, 1, 0, null);

    public Scene Scene { get; } = new();

    public Dispatcher Dispatcher => Scene.Dispatcher;

    public FakeRunner Attach(int slot = 0) => Scene.Attach(slot, static runner => runner.Function = Run);

    /// <summary>A runner that runs all it is given as soon as it has it.</summary>
    public FakeRunner AttachEager(int slot = 0) => Scene.Attach(slot, static runner =>
    {
        runner.Function = Run;
        runner.AfterSend = () => runner.CompleteAll();
    });

    public IAsyncEnumerable<FinishedItems<TResult>> Map<T, TResult>(
        Func<T, TResult> function, IAsyncEnumerable<ValueTuple<T>> source, bool inOrder = true, MapOptions? options = null,
        CancellationTokenSource? cancellation = null)
    {
        var live = new LiveExports(static _ => { });
        var plan = SequencePlan.Of(options ?? new MapOptions(), inOrder, workers: 2, (source as ICountedSource)?.Count, new ItemTime());
        return new SequenceRun<ValueTuple<T>, TResult>(Dispatcher, CallEncoder.Function(function, live), live, Policy, plan)
            .EnumerateAsync(source, cancellation?.Token ?? CancellationToken.None);
    }

    /// <summary>The results with their positions; a failure's message stands for its result.</summary>
    public static async Task<List<(long Index, string Result)>> CollectAsync<TResult>(IAsyncEnumerable<FinishedItems<TResult>> runs)
    {
        var results = new List<(long, string)>();
        await foreach (var run in runs)
        {
            results.AddRange(Results(run));
        }

        return results;
    }

    public static IEnumerable<(long Index, string Result)> Results<TResult>(FinishedItems<TResult> run) =>
        run.Error is { } error
            ? [(run.FirstIndex, error.Message)]
            : run.Values.ToArray().Select((value, i) => (run.FirstIndex + i, value?.ToString() ?? ""));

    private static (RecordKind Kind, ReadOnlyMemory<byte> Body) Run(ReadOnlyMemory<byte> functionGraph, ReadOnlyMemory<byte> arguments)
    {
        var result = new ResultEncoder();
        result.Reset(NoLiveExports.Instance);
        try
        {
            using var functionReader = new BoundaryReader(functionGraph, NoLiveImports.Instance, Trust.Full);
            var function = functionReader.ReadFunction();
            using var reader = new BoundaryReader(arguments, NoLiveImports.Instance, Trust.Full);
            Invoker.For(function).Invoke(function, reader, result);
        }
        catch (Exception exception)
        {
            result.WriteFailure(exception);
        }

        var body = result.TakeBody();
        return (result.Kind, (result.Kind == RecordKind.Values ? body[ItemBlock.PrefixLength..] : body).ToArray());
    }
}
