using System.Diagnostics;
using MultiProc.Host.Functions;
using MultiProc.Host.Run.Display;
using MultiProc.Host.Run.Inputs;

namespace MultiProc.Host.Run;

/// <summary>One call for each item of an input; results are written in its order, or as they come, as soon as they are there.</summary>
internal sealed class BatchRun(RunRequest request, IInput input, IRunDisplay display)
{
    private const int OpenPerWorker = 1_024;
    private const int MinOpen = 4_096;

    public async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        var pool = await RunPool.StartAsync(request, Environment.ProcessorCount, display, cancellationToken).ConfigureAwait(false);
        await using (pool.ConfigureAwait(false))
        {
            // Before anything is read or overwritten.
            await pool.ApplyAsync(TextCalls.Check, request.AssemblyPath, request.Function, cancellationToken: cancellationToken).ConfigureAwait(false);
            var file = request.JobLogPath is null ? null : JobLogFile.Open(request, input.Identity);
            using var log = file?.Log;
            JobLedger ledger;
            using (var output = ResultOutput.Open(request.OutputPath, display.ScreenResults, request.Format.Terminator, request.Resume ? file?.OutputEnd : null))
            {
                ledger = new JobLedger(request, input, display, output, log, file?.FailedItems ?? 0);
                await PassOnAsync(pool, output, ledger, file, cancellationToken).ConfigureAwait(false);
            }

            if (!ledger.IsHaltedNow)
            {
                await RunPool.EndAsync(pool, cancellationToken).ConfigureAwait(false);
            }

            return ledger.ExitCode;
        }
    }

    private async Task PassOnAsync(ProcessPool pool, ResultOutput output, JobLedger ledger, JobLogFile? file, CancellationToken cancellationToken)
    {
        var logged = file?.Items ?? new ItemSet();
        var start = Stopwatch.GetTimestamp();
        if (logged.Count > 0)
        {
            var failed = file?.FailedItems > 0 ? FormattableString.Invariant($" {file.FailedItems:N0} of them failed: --resume-failed runs those again.") : "";
            display.Note(FormattableString.Invariant($"{logged.Count:N0} of the calls are in the job log already, and are left out.{failed}"));
        }

        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, output.Gone);
        try
        {
            await PassOnEachAsync(pool, ledger, logged, stop.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (output.Gone.IsCancellationRequested)
        {
            // Nobody reads on: that is an end like any other, unless writing failed.
        }
        finally
        {
            ledger.Flush();
            if (!output.Gone.IsCancellationRequested)
            {
                ledger.TellTotals(Stopwatch.GetElapsedTime(start));
            }
        }

        if (output.Failure is { } failure)
        {
            throw failure;
        }
    }

    private async Task PassOnEachAsync(ProcessPool pool, JobLedger ledger, ItemSet logged, CancellationToken cancellationToken)
    {
        var (assemblyPath, function, isRaw, isDryRun) = (request.AssemblyPath, request.Function, request.Format.IsRaw, request.IsDryRun);
        using var halted = request.Halt == Halt.Never ? null : new SharedEvent();
        var mostOpen = Math.Max(MinOpen, (request.Processes ?? Environment.ProcessorCount) * Math.Max(OpenPerWorker, 4L * (request.ChunkSize ?? 1)));
        var feed = new JobFeed(input, logged, (int)Math.Min(mostOpen, int.MaxValue));
        var runs = pool.SubmitSequenceAsync<ValueTuple<string>, JobResult>(
            (string line) => JobCalls.RunAsync(assemblyPath, function, line, isRaw, isDryRun, halted),
            feed.ReadAsync(cancellationToken),
            inOrder: false,
            new MapOptions { ChunkSize = request.ChunkSize, Timeout = request.Timeout, Name = function },
            cancellationToken).GetAsyncEnumerator(cancellationToken);
        await using (runs.ConfigureAwait(false))
        {
            while (true)
            {
                var next = runs.MoveNextAsync();
                if (!next.IsCompleted)
                {
                    // About to wait: whoever reads the results should have those that are there.
                    ledger.Flush();
                }

                if (!await next.ConfigureAwait(false))
                {
                    return;
                }

                var run = runs.Current;
                for (var i = 0; i < Math.Max(1, run.Values.Length); i++)
                {
                    var job = feed.TakeBack(run.FirstIndex + i);
                    job.End = run.Error is { } error ? JobEnd.Of(error) : JobEnd.Of(run.Values.Span[i]);
                    if (ledger.IsToBeRepeated(job))
                    {
                        feed.Repeat(job);
                        continue;
                    }

                    feed.Settle(ledger.Take(job));
                }

                if (ledger.IsHalted && halted is not null)
                {
                    halted.Set();
                    foreach (var job in feed.Halt())
                    {
                        feed.Close(ledger.Take(job));
                    }
                }

                if (ledger.IsHaltedNow)
                {
                    return;
                }
            }
        }
    }
}
