namespace MultiProc.Chaos;

/// <summary>The kinds of work, each with the endings that would be true. Anything else is a lie.</summary>
/// <param name="ledger">Where it is written down.</param>
/// <param name="tickets">For functions that note how often they begin.</param>
/// <param name="random">Decides. Used by one deed at a time.</param>
/// <param name="mayEnd">Whether the pool may be ended under the work.</param>
internal sealed class Deeds(Ledger ledger, Tickets tickets, Random random, bool mayEnd)
{
    public const int Kinds = 15;

    private const int Attempts = 50;

    // A worker whose page cannot be believed may have begun calls that nobody charges: so much more often a call may begin.
    private const int Uncharged = 2;

    private static readonly CallOptions Stubborn = new() { MaxAttempts = Attempts };
    private static readonly MapOptions StubbornMap = new() { MaxAttempts = Attempts };

    public Task OneAsync(ProcessPool pool) => DoAsync(pool, random.Next(Kinds));

    public Task DoAsync(ProcessPool pool, int kind) => kind switch
    {
        0 => ManyCallsAsync(pool),
        1 => RetriedCallAsync(pool),
        2 => OneShotCallAsync(pool),
        3 => MapAsync(pool),
        4 => SettledMapAsync(pool),
        5 => StreamAsync(pool),
        6 => TimeLimitAsync(pool),
        7 => CancelAsync(pool),
        8 => CancelMapAsync(pool),
        9 => BigEchoAsync(pool),
        10 => BroadcastAsync(pool),
        11 => ExitAsync(pool),
        12 => CorruptAndDieAsync(pool),
        13 => FloodErrorsAsync(pool),
        _ => FloodPipeAsync(pool),
    };

    private async Task ManyCallsAsync(ProcessPool pool)
    {
        var options = Stubborn with { Priority = random.Next(3), AffinityKey = random.Next(4) == 0 ? $"key {random.Next(3)}" : null };
        await Task.WhenAll(Enumerable.Range(0, 1 + random.Next(300)).Select(i => TellAsync(
            "call", async () => Check(await pool.ApplyAsync(WorkerFunctions.Square, (long)i, options), (long)i * i))));
    }

    private Task RetriedCallAsync(ProcessPool pool) => TicketAsync("call with retries", pool, Stubborn);

    private Task OneShotCallAsync(ProcessPool pool) => TicketAsync("call without retries", pool, new CallOptions());

    /// <summary>A call may begin as often as its caller allowed, a little more often if a page was corrupted, and has begun if it returned.</summary>
    private Task TicketAsync(string deed, ProcessPool pool, CallOptions options)
    {
        var ticket = tickets.Take();
        return TellAsync(
            deed,
            async () =>
            {
                try
                {
                    Check(await pool.ApplyAsync(WorkerFunctions.SlowSquare, tickets.Begun, ticket, options), (long)ticket * ticket);
                    Check(tickets.Redeem(ticket) is var begun && begun >= 1 && begun <= options.MaxAttempts + Uncharged, true);
                }
                catch (Exception error) when (error is not WrongValueException)
                {
                    Check(tickets.Redeem(ticket) <= options.MaxAttempts + Uncharged, true);
                    throw;
                }
            },
            error => options.MaxAttempts == 1 && error is WorkerLostException { Signal: "SIGKILL" });
    }

    private Task MapAsync(ProcessPool pool)
    {
        var count = 1 + random.Next(2000);
        return TellAsync("map", async () =>
        {
            var squares = await pool.MapAsync(WorkerFunctions.Square, Numbers(count), StubbornMap);
            Check(squares.SequenceEqual(Numbers(count).Select(WorkerFunctions.Square)), true);
        });
    }

    private Task SettledMapAsync(ProcessPool pool)
    {
        var count = 1 + random.Next(300);
        return TellAsync("settled map", async () =>
        {
            var outcomes = await pool.MapSettledAsync(WorkerFunctions.SquareUnlessSeven, Numbers(count), StubbornMap);
            Check(outcomes.Length, count);
            for (var i = 0; i < count; i++)
            {
                Check(i % 7 == 0 ? outcomes[i].Error is ArithmeticException : outcomes[i].Value == (long)i * i, true);
            }
        });
    }

    private Task StreamAsync(ProcessPool pool)
    {
        var take = 1 + random.Next(500);
        return TellAsync("stream left early", async () =>
        {
            var expected = 0L;
            await foreach (var square in pool.MapStreamAsync(WorkerFunctions.Square, Numbers(int.MaxValue), StubbornMap))
            {
                Check(square, expected * expected);
                if (++expected == take)
                {
                    return;
                }
            }
        });
    }

    private Task TimeLimitAsync(ProcessPool pool)
    {
        var limit = TimeSpan.FromMilliseconds(1 + random.Next(50));
        return TellAsync(
            "time limit",
            async () => Check(await pool.ApplyAsync(WorkerFunctions.Spin, 1L, Stubborn with { Timeout = limit }), -1L),
            static error => error is CallTimeoutException);
    }

    private Task CancelAsync(ProcessPool pool)
    {
        var delay = random.Next(50);
        return TellAsync(
            "cancelled",
            async () =>
            {
                using var cancellation = new CancellationTokenSource(delay);
                Check(await pool.RunAsync(WorkerFunctions.WaitForToken, Stubborn, cancellation.Token), -1L);
            },
            static error => error is OperationCanceledException);
    }

    private Task CancelMapAsync(ProcessPool pool)
    {
        var delay = random.Next(50);
        return TellAsync(
            "cancelled map",
            async () =>
            {
                using var cancellation = new CancellationTokenSource(delay);
                await foreach (var square in pool.MapStreamUnorderedAsync(WorkerFunctions.Square, Numbers(int.MaxValue), StubbornMap, cancellation.Token))
                {
                    Check(square >= 0, true);
                }
            },
            static error => error is OperationCanceledException);
    }

    private Task BigEchoAsync(ProcessPool pool)
    {
        var data = new byte[random.Next(2_000_000)];
        random.NextBytes(data);
        return TellAsync("big echo", async () => Check((await pool.ApplyAsync(WorkerFunctions.Echo, data, Stubborn)).SequenceEqual(data), true));
    }

    private Task BroadcastAsync(ProcessPool pool) =>
        TellAsync(
            "broadcast",
            async () => Check((await pool.BroadcastAsync(static () => WorkerContext.Current!.Slot, Stubborn)).Index().All(static answer => answer.Index == answer.Item), true));

    private Task ExitAsync(ProcessPool pool)
    {
        var code = 1 + random.Next(100);
        return TellAsync(
            "exit", async () => Check(await pool.ApplyAsync(WorkerFunctions.Exit, code), -1),
            error => error is WorkerLostException lost && (lost.ExitCode == code || lost.Signal == "SIGKILL"));
    }

    // Results of the calls before it may stand on the page still: if they are sent just then, they make no sense, and the host ends the worker.
    private Task CorruptAndDieAsync(ProcessPool pool) =>
        TellAsync(
            "corrupted page", async () => Check(await pool.ApplyAsync(WorkerFunctions.CorruptPageAndDie, random.Next()), -1),
            static error => error is WorkerLostException { Signal: "SIGKILL" or "SIGTERM" });

    private Task FloodErrorsAsync(ProcessPool pool)
    {
        var lines = random.Next(20) == 0 ? 1_000_000 : random.Next(20_000);
        return TellAsync("flooded errors", async () => Check(await pool.ApplyAsync(WorkerFunctions.FloodErrors, lines, Stubborn), lines));
    }

    private Task FloodPipeAsync(ProcessPool pool) =>
        TellAsync(
            "flooded pipe", async () => Check(await pool.ApplyAsync(WorkerFunctions.FloodPipe, random.Next()), -1),
            static error => error is WorkerLostException { Signal: "SIGKILL" or "SIGTERM" });

    private async Task TellAsync(string deed, Func<Task> work, Func<Exception, bool>? isTrue = null)
    {
        ledger.Ask(deed);
        try
        {
            await work();
            ledger.End(deed, "done");
        }
        catch (Exception error) when (isTrue?.Invoke(error) ?? false)
        {
            ledger.End(deed, error.GetType().Name);
        }
        catch (Exception error) when (mayEnd && IsPoolEnd(error))
        {
            ledger.End(deed, "pool ended");
        }
        catch (Exception error)
        {
            ledger.Lie($"{deed}: {error}");
            ledger.End(deed, "LIE");
        }
    }

    // A pool that a rival deed has ended cancels what it had, and refuses what comes later.
    private static bool IsPoolEnd(Exception error) => error is OperationCanceledException or InvalidOperationException;

    private static void Check<T>(T actual, T expected)
    {
        if (!EqualityComparer<T>.Default.Equals(actual, expected))
        {
            throw new WrongValueException($"{actual} instead of {expected}");
        }
    }

    private static IEnumerable<long> Numbers(int count)
    {
        for (var i = 0; i < count; i++)
        {
            yield return i;
        }
    }

    private sealed class WrongValueException(string message) : Exception(message);
}
