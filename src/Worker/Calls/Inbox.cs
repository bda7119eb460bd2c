using MultiProc.Protocol.Messages;

namespace MultiProc.Worker.Calls;

/// <summary>Where the link's thread leaves work and the main thread, which creates it, takes it. Thread-safe.</summary>
internal sealed class Inbox(Outbox outbox)
{
    private readonly object _gate = new();
    private readonly MainThreadLock _jobs = new();
    private readonly Queue<Job> _waiting = new();
    private Job? _current;
    private bool _closed;

    /// <summary>What the main thread is running.</summary>
    public Job? Current => Volatile.Read(ref _current);

    public bool IsEmpty
    {
        get
        {
            lock (_gate)
            {
                return _waiting.Count == 0;
            }
        }
    }

    /// <summary>What to run when all work is done; empty: nothing.</summary>
    public ReadOnlyMemory<byte> ExitHook { get; private set; }

    /// <summary>The first thing a worker runs.</summary>
    /// <param name="initializer">A graph of function and arguments; empty: nothing.</param>
    /// <param name="exitHook">As <see cref="ExitHook"/>.</param>
    /// <param name="initialized">Told the initializer's result record, on the main thread.</param>
    public void Initialize(ReadOnlyMemory<byte> initializer, ReadOnlyMemory<byte> exitHook, Action<ReadOnlyMemory<byte>> initialized)
    {
        ExitHook = exitHook;
        Enqueue([new Job(new WorkUnit(-1, 0, 1, false, false, default, initializer), _jobs) { Initialized = initialized }]);
    }

    public void Add(WorkUnit[] units)
    {
        var jobs = new Job[units.Length];
        for (var i = 0; i < units.Length; i++)
        {
            jobs[i] = new Job(units[i], _jobs);
        }

        Enqueue(jobs);
    }

    /// <summary>What of these units has not begun goes back to the host.</summary>
    public void Recall(long[] ids)
    {
        lock (_gate)
        {
            GiveBack([.. _waiting.Prepend(_current).OfType<Job>().Where(job => ids.Contains(job.Unit.Id))]);
        }
    }

    public void Cancel(long id, int item, int token)
    {
        Job? job;
        lock (_gate)
        {
            job = _waiting.Prepend(_current).FirstOrDefault(waiting => waiting?.Unit.Id == id);
            if (job is not null && item < 0 && token == 0)
            {
                GiveBack([job]);
            }
        }

        job?.Cancel(item, token);
    }

    /// <summary>No more work will come: when the present call has ended, so does the worker.</summary>
    public void Close()
    {
        lock (_gate)
        {
            _closed = true;
            Monitor.Pulse(_gate);
        }
    }

    /// <summary>Waits for the next job; null when there will be none.</summary>
    public Job? Take()
    {
        lock (_gate)
        {
            _current = null;
            while (_waiting.Count == 0 && !_closed)
            {
                Monitor.Wait(_gate);
            }

            return _current = _waiting.TryDequeue(out var next) ? next : null;
        }
    }

    // At once: what the main thread is in may take hours, and others could run these meanwhile.
    private void GiveBack(HashSet<Job> jobs)
    {
        foreach (var job in jobs)
        {
            if (job.Recall() is { Count: > 0 } rest)
            {
                outbox.AddReturned(job.Unit.Id, rest.FirstItem, rest.Count);
            }
        }

        for (var left = _waiting.Count; left > 0; left--)
        {
            if (_waiting.Dequeue() is var waiting && !jobs.Contains(waiting))
            {
                _waiting.Enqueue(waiting);
            }
        }
    }

    private void Enqueue(Job[] jobs)
    {
        lock (_gate)
        {
            if (_closed)
            {
                return;
            }

            foreach (var job in jobs)
            {
                _waiting.Enqueue(job);
            }

            Monitor.Pulse(_gate);
        }
    }
}
