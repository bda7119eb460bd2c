using MultiProc.Unit.Scheduling;
using MultiProc.Workers;

namespace MultiProc.Unit.Workers;

/// <summary>Workers that start when a test says so, and those that have started. Thread-safe.</summary>
internal sealed class FakeStarts
{
    // No process of any machine has such an id.
    private const int FirstProcess = 50_000_000;

    private readonly Lock _gate = new();
    private readonly List<(int Slot, TaskCompletionSource<IWorker> End)> _pending = [];
    private readonly List<FakeWorker> _workers = [];

    /// <summary>Where they run; set before the first start.</summary>
    public Scene Scene { get; set; } = null!;

    public int Pending
    {
        get
        {
            lock (_gate)
            {
                return _pending.Count;
            }
        }
    }

    /// <summary>Those that live, oldest first.</summary>
    public FakeWorker[] Living
    {
        get
        {
            lock (_gate)
            {
                return [.. _workers.Where(static worker => !worker.IsDead)];
            }
        }
    }

    /// <summary>All there ever were.</summary>
    public FakeWorker[] All
    {
        get
        {
            lock (_gate)
            {
                return [.. _workers];
            }
        }
    }

    /// <summary>What a supervisor starts workers with.</summary>
    public async Task<IWorker> StartAsync(int slot, Action<int> onProcess, CancellationToken cancellationToken)
    {
        var end = new TaskCompletionSource<IWorker>(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_gate)
        {
            _pending.Add((slot, end));
        }

        using var cancellation = cancellationToken.Register(() =>
        {
            Take(end);
            end.TrySetCanceled(cancellationToken);
        });
        return await end.Task;
    }

    /// <summary>One of the workers that are starting becomes ready.</summary>
    /// <returns>Whether there was one.</returns>
    public bool Succeed(int which)
    {
        FakeWorker worker;
        TaskCompletionSource<IWorker> end;
        lock (_gate)
        {
            if (_pending.Count == 0)
            {
                return false;
            }

            (var slot, end) = _pending[which % _pending.Count];
            worker = new FakeWorker(Scene, slot, FirstProcess + _workers.Count);
            if (!Take(end) || !end.TrySetResult(worker))
            {
                return true;
            }

            _workers.Add(worker);
        }

        return true;
    }

    /// <summary>One of the workers that are starting comes to nothing.</summary>
    public void Fail(int which, bool wasKilled)
    {
        TaskCompletionSource<IWorker> end;
        lock (_gate)
        {
            if (_pending.Count == 0)
            {
                return;
            }

            end = _pending[which % _pending.Count].End;
            Take(end);
        }

        end.TrySetException(new WorkerStartException("It did not start.") { WasKilled = wasKilled });
    }

    private bool Take(TaskCompletionSource<IWorker> end)
    {
        lock (_gate)
        {
            return _pending.RemoveAll(start => start.End == end) > 0;
        }
    }
}
