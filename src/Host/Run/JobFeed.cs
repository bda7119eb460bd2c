using System.Runtime.CompilerServices;
using MultiProc.Host.Run.Inputs;

namespace MultiProc.Host.Run;

/// <summary>
/// Brings the items of the input, and those that are to be tried again, to the pool. It ends when the input has ended and every job has. At most
/// <c>mostOpen</c> jobs are open - read, and not yet written - so that memory does not grow with the input. Thread-safe.
/// </summary>
internal sealed class JobFeed(IInput input, ItemSet logged, int mostOpen)
{
    private readonly Lock _gate = new();
    private readonly Queue<Job> _again = new();
    private readonly Dictionary<long, Job> _underWay = [];
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long _handedOver;
    private long _read;
    private long _open;
    private long _outside;
    private bool _isHalted;

    /// <summary>The arguments, for the pool.</summary>
    public async IAsyncEnumerable<ValueTuple<string>> ReadAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var leaving = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var items = input.ReadAsync(leaving.Token).GetAsyncEnumerator(leaving.Token);
        Task<bool>? next = null;
        try
        {
            var isAtEnd = false;
            while (true)
            {
                // Taken before the looks below: what changes after them is not missed.
                var changed = NextChange();
                cancellationToken.ThrowIfCancellationRequested();
                if (TakeAgain() is { } job)
                {
                    yield return new(job.Item.Text);
                    continue;
                }

                if ((isAtEnd || IsHalted) && IsIdle)
                {
                    yield break;
                }

                if (next is null && !isAtEnd && HasRoom)
                {
                    next = items.MoveNextAsync().AsTask();
                }

                if (next is not { IsCompleted: true })
                {
                    await Task.WhenAny(next ?? changed, changed).WaitAsync(cancellationToken).ConfigureAwait(false);
                    continue;
                }

                isAtEnd = !await next.ConfigureAwait(false);
                next = null;
                if (!isAtEnd && Open(items.Current) is { } opened)
                {
                    yield return new(opened.Item.Text);
                }
            }
        }
        finally
        {
            // An input that was asked for an item may only be disposed when it has answered.
            await leaving.CancelAsync().ConfigureAwait(false);
            await ((Task?)next ?? Task.CompletedTask).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await items.DisposeAsync().ConfigureAwait(false);
        }
    }

    /// <summary>The job whose arguments were read as the one with this index has come back. <see cref="Repeat"/> or <see cref="Settle"/> follows.</summary>
    public Job TakeBack(long index)
    {
        lock (_gate)
        {
            _underWay.Remove(index, out var job);
            return job!;
        }
    }

    /// <summary>Tries a job again that has come back.</summary>
    public void Repeat(Job job)
    {
        lock (_gate)
        {
            _again.Enqueue(job);
            _outside--;
            _changed.TrySetResult();
        }
    }

    /// <summary>A job that has come back is done with, and so many have been written with it.</summary>
    public void Settle(int written)
    {
        lock (_gate)
        {
            _outside--;
        }

        Close(written);
    }

    /// <summary>So many jobs have been written.</summary>
    public void Close(int jobs)
    {
        lock (_gate)
        {
            _open -= jobs;
            _changed.TrySetResult();
        }
    }

    /// <summary>Reads no further.</summary>
    /// <returns>The jobs that were to be tried again.</returns>
    public Job[] Halt()
    {
        lock (_gate)
        {
            Job[] left = [.. _again];
            _isHalted = true;
            _again.Clear();
            _changed.TrySetResult();
            return left;
        }
    }

    private bool IsHalted
    {
        get
        {
            lock (_gate)
            {
                return _isHalted;
            }
        }
    }

    private bool IsIdle
    {
        get
        {
            lock (_gate)
            {
                return _outside == 0 && _again.Count == 0;
            }
        }
    }

    private bool HasRoom
    {
        get
        {
            lock (_gate)
            {
                return _open < mostOpen && !_isHalted;
            }
        }
    }

    private Task NextChange()
    {
        lock (_gate)
        {
            if (_changed.Task.IsCompleted)
            {
                _changed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            }

            return _changed.Task;
        }
    }

    private Job? TakeAgain()
    {
        lock (_gate)
        {
            return _again.TryDequeue(out var job) ? HandOver(job) : null;
        }
    }

    private Job? Open(InputItem item)
    {
        if (IsHalted)
        {
            return null;
        }

        if (logged.Contains(item.Number))
        {
            return null;
        }

        lock (_gate)
        {
            _open++;
            return HandOver(new Job(_read++, item));
        }
    }

    private Job HandOver(Job job)
    {
        job.Tries++;
        _outside++;
        _underWay.Add(_handedOver++, job);
        return job;
    }
}
