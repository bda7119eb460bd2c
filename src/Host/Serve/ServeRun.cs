using MultiProc.Host.Functions;
using MultiProc.Host.Verbs;
using MultiProc.Host.View;

namespace MultiProc.Host.Serve;

/// <summary>A pool that stays, with a view of it, until somebody ends it: first politely, then at once.</summary>
internal sealed class ServeRun(ServeRequest request, Interruption interruption)
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(500);

    private readonly TaskCompletionSource _stop = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _stopNow = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly RecentOutput _output = new();

    public async Task<int> RunAsync()
    {
        await CheckNameAsync().ConfigureAwait(false);
        var catalogue = new Catalogue();
        var pool = await StartAsync(catalogue).ConfigureAwait(false);
        await using (pool.ConfigureAwait(false))
        {
            await catalogue.FillAsync(pool, request, interruption.Token).ConfigureAwait(false);
            using var first = interruption.Token.Register(() => _stop.TrySetResult());
            using var second = interruption.Again.Register(() => _stopNow.TrySetResult());
            IServeDisplay display = Screen.IsAvailable ? new ScreenDisplay(catalogue.Summary) : new LineDisplay(catalogue.Summary);
            using (display)
            {
                await ShowUntilEndAsync(pool, display).ConfigureAwait(false);
            }

            Console.Error.WriteLine(Totals(pool));
            return interruption.ExitCode;
        }
    }

    private async Task<ProcessPool> StartAsync(Catalogue catalogue)
    {
        var options = request.Debugging(new ProcessPoolOptions
        {
            Name = request.Name,
            Processes = request.Processes,
            TaskTimeout = request.Timeout,
            RuntimeConfigurationFile = RuntimeNeeds.ConfigurationFor(request.AssemblyPaths),
            Output = _output.Add,
            ServedFunctions = new ServedFunctions
            {
                Names = catalogue,
                Ready = catalogue.Filled,
                CallAsync = catalogue.CallAsync,
                StopRequested = now => (now ? _stopNow : _stop).TrySetResult(),
            },
        });
        try
        {
            return await ProcessPool.StartAsync(options, interruption.Token).ConfigureAwait(false);
        }
        catch (ArgumentException exception) when (exception.ParamName == nameof(options.Name))
        {
            throw new InvalidCallException(
                $"'{request.Name}' is no name for a pool: it has 1 to 64 letters, digits, dots, hyphens and underscores, and begins with a letter. Give another --name.", exception);
        }
    }

    private async Task CheckNameAsync()
    {
        var pools = await PoolConnection.ListAsync(interruption.Token).ConfigureAwait(false);
        if (pools.FirstOrDefault(pool => pool.IsServed && pool.Name == request.Name) is { } taken)
        {
            throw new InvalidCallException($"Process {taken.ProcessId} serves a pool named '{request.Name}' already. Give another --name, or end that one: multiproc stop {request.Name}");
        }
    }

    private async Task ShowUntilEndAsync(ProcessPool pool, IServeDisplay display)
    {
        Task ended = _stop.Task;
        while (true)
        {
            display.Show(pool.Describe(), _output.Snapshot());
            if (_stopNow.Task.IsCompleted)
            {
                await pool.TerminateAsync().ConfigureAwait(false);
                return;
            }

            if (ended.IsCompleted && ended != _stop.Task)
            {
                await ended.ConfigureAwait(false);
                return;
            }

            if (_stop.Task.IsCompleted && ended == _stop.Task)
            {
                pool.Close();
                ended = pool.JoinAsync();
                display.TellEnding(pool.Describe());
                continue;
            }

            await Task.WhenAny(ended, _stopNow.Task, Task.Delay(Interval)).ConfigureAwait(false);
        }
    }

    private static string Totals(ProcessPool pool)
    {
        var totals = pool.Statistics;
        return $"The pool has ended: {Cells.Counted(totals.Completed, "call")} done, {Cells.Count(totals.Failed)} failed.";
    }
}
