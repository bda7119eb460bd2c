using MultiProc.Protocol.Calls;
using MultiProc.Protocol.Messages;
using MultiProc.Protocol.Status;

namespace MultiProc.Worker.Calls;

/// <summary>
/// The queue in which the link's thread leaves work and the main thread, which creates it, takes it. Thread-safe.
/// </summary>
internal sealed class Inbox(Outbox outbox, StatusPage page) : IDisposable
{
    private readonly Lock _gate = new();
    private readonly AsymmetricLock _jobs = new();

    // An event, not a monitor: a monitor's waiter wakes while its waker still holds the lock, and yields until the lock
    // is free.
    private readonly AutoResetEvent _arrived = new(false);
    private readonly AdaptiveSpinWait _spin = new(TimeProvider.System);
    private readonly List<Job> _waiting = [];

    // The jobs that the main thread took in one batch, so that it need not lock for each. An entry is null when its job
    // has begun or was returned to the host.
    private Job?[] _taken = [];
    private int _next;
    private Job? _current;
    private bool _closed;

    /// <summary>The job that the main thread is running.</summary>
    public Job? Current => Volatile.Read(ref _current);

    /// <summary>Whether no work is left. For the main thread.</summary>
    public bool IsEmpty
    {
        get
        {
            if (SkipEmpty())
            {
                return false;
            }

            lock (_gate)
            {
                return _waiting.Count == 0;
            }
        }
    }

    /// <summary>The function to run when all work is done, as a graph; empty: none.</summary>
    public ReadOnlyMemory<byte> ExitHook { get; private set; }

    /// <summary>The pool's surrogate rules, encoded; empty: none.</summary>
    public ReadOnlyMemory<byte> Rules { get; private set; }

    /// <summary>Enqueues the initializer, the first job of a worker.</summary>
    /// <param name="initializer">The graph of its function and arguments; empty: none.</param>
    /// <param name="exitHook">As <see cref="ExitHook"/>.</param>
    /// <param name="rules">As <see cref="Rules"/>.</param>
    /// <param name="initialized">Receives the initializer's result record, on the main thread.</param>
    public void Initialize(ReadOnlyMemory<byte> initializer, ReadOnlyMemory<byte> exitHook, ReadOnlyMemory<byte> rules, Action<ReadOnlyMemory<byte>> initialized)
    {
        ExitHook = exitHook;
        Rules = rules;
        Enqueue([new Job(new WorkUnit(-1, 0, 1, false, false, default, initializer), _jobs, page) { Initialized = initialized }]);
    }

    public void Add(WorkUnit[] units)
    {
        var jobs = new Job[units.Length];
        for (var i = 0; i < units.Length; i++)
        {
            jobs[i] = new Job(units[i], _jobs, page);
        }

        Enqueue(jobs);
    }

    /// <summary>Returns those parts of these units to the host that have not begun.</summary>
    public void Recall(long[] ids)
    {
        lock (_gate)
        {
            ReturnToHost([.. ActiveJobs().Where(job => ids.Contains(job.Unit.Id))]);
        }
    }

    public void Cancel(long id, int item, int token)
    {
        Job[] jobs;
        lock (_gate)
        {
            // A job that was returned, and is about to be skipped, may have been sent again.
            jobs = [.. ActiveJobs().Where(job => job.Unit.Id == id)];
            if (item < 0 && token == 0)
            {
                ReturnToHost(jobs);
            }
        }

        foreach (var job in jobs)
        {
            job.Cancel(item, token);
        }
    }

    /// <summary>Closes the inbox: the worker exits when the current call has ended.</summary>
    public void Close()
    {
        lock (_gate)
        {
            _closed = true;
        }

        _arrived.Set();
    }

    /// <summary>Waits for the next job; null when there will be none.</summary>
    public Job? Take()
    {
        while (true)
        {
            if (!SkipEmpty())
            {
                Volatile.Write(ref _current, null);
                if (!TakeAll())
                {
                    return null;
                }
            }
            else if (Volatile.Read(ref _taken[_next]) is { } job)
            {
                // The order matters: a thread that finds the entry empty finds the job in <see cref="Current"/>.
                Volatile.Write(ref _current, job);
                Volatile.Write(ref _taken[_next], null);
                return job;
            }
        }
    }

    public void Dispose() => _arrived.Dispose();

    private bool SkipEmpty()
    {
        while (_next < _taken.Length && Volatile.Read(ref _taken[_next]) is null)
        {
            _next++;
        }

        return _next < _taken.Length;
    }

    private bool TakeAll()
    {
        while (true)
        {
            lock (_gate)
            {
                if (_waiting.Count > 0)
                {
                    (_taken, _next) = ([.. _waiting], 0);
                    _waiting.Clear();
                    return true;
                }

                if (_closed)
                {
                    return false;
                }
            }

            // A racy read outside of the gate: it is repeated inside.
            if (!_spin.Wait(this, static inbox => inbox._waiting.Count > 0 || inbox._closed))
            {
                _arrived.WaitOne();
            }
        }
    }

    /// <summary>The jobs that have not ended.</summary>
    /// <remarks>
    /// The main thread moves a job from its entry to <see cref="Current"/> without the gate: it writes the job there
    /// first, then clears the entry. So each entry is read before <see cref="Current"/>, and with acquire semantics. On
    /// a processor that reorders plain reads (ARM64) a job that is being moved would otherwise be seen in neither
    /// place, and its cancellation be lost.
    /// </remarks>
    private List<Job> ActiveJobs()
    {
        var jobs = new List<Job>(_taken.Length + _waiting.Count + 1);
        for (var i = 0; i < _taken.Length; i++)
        {
            if (Volatile.Read(ref _taken[i]) is { } taken)
            {
                jobs.Add(taken);
            }
        }

        if (Current is { } current && !jobs.Contains(current))
        {
            jobs.Add(current);
        }

        jobs.AddRange(_waiting);
        return jobs;
    }

    // Returned at once: the current call may take hours, and other workers could run these jobs meanwhile.
    private void ReturnToHost(Job[] jobs)
    {
        foreach (var job in jobs)
        {
            job.Recall(outbox);
        }

        var returned = jobs.ToHashSet();
        _waiting.RemoveAll(returned.Contains);
        for (var i = 0; i < _taken.Length; i++)
        {
            if (Volatile.Read(ref _taken[i]) is { } job && returned.Contains(job))
            {
                Volatile.Write(ref _taken[i], null);
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

            _waiting.AddRange(jobs);
        }

        _arrived.Set();
    }
}
