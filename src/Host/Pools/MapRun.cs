using System.Diagnostics;
using System.Text.Json;
using MultiProc.Host.Functions;
using MultiProc.Host.Run;
using MultiProc.Host.Run.Display;
using MultiProc.Host.Run.Inputs;

namespace MultiProc.Host.Pools;

/// <summary>One call of a served pool for each item of an input: some batches are under way at any time, and results are written in the order of the input.</summary>
internal sealed class MapRun(PoolConnection pool, string function, CallOptions options, IInput input, IRunDisplay display, bool trace)
{
    private const int BatchSize = 1_000;
    private const int BatchesUnderWay = 4;

    // Letters; a batch is one message, which has its limit.
    private const int MaxBatch = 4 << 20;

    private long _done;
    private long _failed;
    private long _invalid;

    public async Task<int> RunAsync(ResultOutput output, CancellationToken cancellationToken)
    {
        var start = Stopwatch.GetTimestamp();
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, output.Gone);
        var batches = new Queue<Task<List<(InputItem Item, MapOutcome<JsonElement> Outcome)>>>();
        var items = input.ReadAsync(stop.Token).GetAsyncEnumerator(stop.Token);
        Task<bool>? next = null;
        try
        {
            var batch = new List<InputItem>();
            var letters = 0L;
            while (true)
            {
                next = items.MoveNextAsync().AsTask();
                while (!next.IsCompleted && batch.Count + batches.Count > 0)
                {
                    // The input has nothing at hand: what it gave should not wait for it.
                    batch = await SendOrWriteAsync(batch, batches, next, output, stop.Token).ConfigureAwait(false);
                }

                if (!await next.ConfigureAwait(false))
                {
                    break;
                }

                batch.Add(items.Current);
                letters = batch.Count == 1 ? items.Current.Text.Length : letters + items.Current.Text.Length;
                for (var isFull = batch.Count == BatchSize || letters > MaxBatch; isFull && batch.Count > 0;)
                {
                    batch = await SendOrWriteAsync(batch, batches, null, output, stop.Token).ConfigureAwait(false);
                }
            }

            batches.Enqueue(SendAsync(batch, stop.Token));
            while (batches.TryDequeue(out var first))
            {
                Write(await first.ConfigureAwait(false), output);
            }
        }
        catch (OperationCanceledException) when (output.Gone.IsCancellationRequested)
        {
            // Nobody reads on: that is an end like any other, unless writing failed.
        }
        finally
        {
            // What is left when one fails is cancelled with it; and an input that was asked for an item may only be disposed when it has answered.
            await stop.CancelAsync().ConfigureAwait(false);
            await ((Task)Task.WhenAll([.. batches, (Task?)next ?? Task.CompletedTask])).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await items.DisposeAsync().ConfigureAwait(false);
        }

        output.Flush();
        if (output.Failure is { } failure)
        {
            throw failure;
        }

        if (!output.Gone.IsCancellationRequested)
        {
            display.End(_done, _failed + _invalid, Stopwatch.GetElapsedTime(start));
        }

        return _invalid > 0 ? HostExitCode.Usage : _failed > 0 ? HostExitCode.Failed : HostExitCode.Success;
    }

    /// <summary>Sends the batch if another may be under way, or else waits for the first, or the input, and writes the first if it is there.</summary>
    /// <returns>The batch to go on with.</returns>
    private async Task<List<InputItem>> SendOrWriteAsync(
        List<InputItem> batch, Queue<Task<List<(InputItem Item, MapOutcome<JsonElement> Outcome)>>> batches, Task? input, ResultOutput output,
        CancellationToken cancellationToken)
    {
        if (batch.Count > 0 && batches.Count < BatchesUnderWay)
        {
            batches.Enqueue(SendAsync(batch, cancellationToken));
            return [];
        }

        await Task.WhenAny(batches.Peek(), input ?? batches.Peek()).ConfigureAwait(false);
        if (batches.Peek().IsCompleted)
        {
            Write(await batches.Dequeue().ConfigureAwait(false), output);
        }

        return batch;
    }

    private async Task<List<(InputItem Item, MapOutcome<JsonElement> Outcome)>> SendAsync(List<InputItem> batch, CancellationToken cancellationToken)
    {
        // A line that is no JSON cannot travel; it fails here as it would there.
        var read = batch.ConvertAll(static item => (Item: item, Value: Parse(item.Text)));
        var sent = read.FindAll(static one => one.Value is not null);
        var outcomes = sent.Count == 0
            ? []
            : await pool.MapAsync(function, sent.ConvertAll(static one => one.Value!.Value), options, progress: null, cancellationToken).ConfigureAwait(false);
        var next = 0;
        return read.ConvertAll(one => (one.Item, one.Value is null ? new MapOutcome<JsonElement>(default, NoJson(one.Item.Text)) : outcomes[next++]));
    }

    private void Write(List<(InputItem Item, MapOutcome<JsonElement> Outcome)> ends, ResultOutput output)
    {
        foreach (var (item, outcome) in ends)
        {
            if (outcome.IsSuccess)
            {
                output.Write(TerminalText.Json(outcome.Value.GetRawText()));
            }
            else
            {
                var isInvalid = outcome.Error is PoolControlException { Error: PoolControlError.InvalidArguments } or InvalidCallException;
                _invalid += isInvalid ? 1 : 0;
                _failed += isInvalid ? 0 : 1;
                display.Note(FailureText.Of(isInvalid ? input.Place(item) : input.Label(item), outcome.Error!, trace));
            }

            display.Show(++_done);
        }

        output.Flush();
    }

    private static JsonElement? Parse(string json)
    {
        try
        {
            return JsonElement.Parse(json);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static InvalidCallException NoJson(string line) =>
        new($"{JsonText.Quoted(line)} is not JSON. Each line is one JSON value, or an array of arguments; a string stands in double quotes.");
}
