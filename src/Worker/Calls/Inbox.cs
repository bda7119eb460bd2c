using MultiProc.Protocol.Calls;
using MultiProc.Protocol.Messages;
using MultiProc.Protocol.Status;

namespace MultiProc.Worker.Calls;

/// <summary>Where the link's thread leaves work and the main thread, which creates it, takes it. Thread-safe.</summary>
internal sealed class Inbox(Outbox outbox, StatusPage page) : IDisposable
{
    private readonly Lock _gate = new();
    private readonly AsymmetricLock _jobs = new();

    // Woken by it, the main thread finds the gate open: a monitor's waiter would meet the one who woke it at the door, and yield until that has left.
    private readonly AutoResetEvent _arrived = new(false);
    private readonly AdaptiveSpinWait _spin = new(TimeProvider.System);
    private readonly List<Job> _waiting = [];

    // What the main thread took at once, so as not to enter for each. A place is empty when its job is begun, or was given back.
    private Job?[] _taken = [];
    private int _next;
    private Job? _current;
    private bool _closed;

    /// <summary>What the main thread is running.</summary>
    public Job? Current => Volatile.Read(ref _current);

    /// <summary>Whether there is nothing to take. For the main thread.</summary>
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

    /// <summary>What to run when all work is done; empty: nothing.</summary>
    public ReadOnlyMemory<byte> ExitHook { get; private set; }

    /// <summary>The pool's rules for types that are not its user's; empty: none.</summary>
    public ReadOnlyMemory<byte> Rules { get; private set; }

    /// <summary>The first thing a worker runs.</summary>
    /// <param name="initializer">A graph of function and arguments; empty: nothing.</param>
    /// <param name="exitHook">As <see cref="ExitHook"/>.</param>
    /// <param name="rules">As <see cref="Rules"/>.</param>
    /// <param name="initialized">Told the initializer's result record, on the main thread.</param>
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

    /// <summary>What of these units has not begun goes back to the host.</summary>
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
            // One that was given back, and is about to be passed over, may have come again.
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

    /// <summary>No more work will come: when the present call has ended, so does the worker.</summary>
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
                // In this order: whoever finds its place empty finds it here.
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

            // Without the gate: this is looked at again.
            if (!_spin.Wait(this, static inbox => inbox._waiting.Count > 0 || inbox._closed))
            {
                _arrived.WaitOne();
            }
        }
    }

    /// <summary>Jobs that are here and have not ended.</summary>
    /// <remarks>
    /// The main thread moves a job from its place to <see cref="Current"/> without the gate, in this order: it writes the job there, then empties the place. So
    /// each place is read before <see cref="Current"/> is, and with acquire semantics: on a processor that reorders plain reads (ARM64) a job that is
    /// just being moved would otherwise be seen in neither, and its cancellation be lost.
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

    // At once: what the main thread is in may take hours, and others could run these meanwhile.
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
