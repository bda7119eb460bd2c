namespace MultiProc.Sharing;

/// <summary>A word in shared memory to wait on until a condition may have changed.</summary>
/// <remarks>
/// <para>
/// No wake-up is lost. A waiter calls <see cref="Prepare"/>, <em>then</em> checks its condition, then calls
/// <see cref="Sleep"/>. A changer changes the condition, then calls <see cref="Wake"/>. Either the waiter sees the
/// change, or the changer sees the waiter's mark and increments the sequence, which ends the sleep at once.
/// </para>
/// <para>
/// The first waker clears the mark. A woken waiter therefore prepares again before it checks: the waiters that still
/// sleep rely on that mark.
/// </para>
/// </remarks>
internal sealed unsafe class WaitWord
{
    /// <summary>Bytes it occupies.</summary>
    public const int Size = 16;

    private readonly SharedBlock _block;
    private readonly Words* _words;

    public WaitWord(SharedBlock block, int offset)
    {
        _block = block;
        _words = (Words*)block.At(offset);
        block.Register(this);
    }

    /// <summary>Whether a waiter has been passed over for so long that newcomers must queue behind it.</summary>
    public bool IsStarving
    {
        get
        {
            var isStarving = Volatile.Read(ref _words->Starving) != 0;
            GC.KeepAlive(_block);
            return isStarving;
        }

        set
        {
            Volatile.Write(ref _words->Starving, value ? 1 : 0);
            GC.KeepAlive(_block);
        }
    }

    /// <summary>Clears <see cref="IsStarving"/>.</summary>
    public void Relieve()
    {
        if (IsStarving)
        {
            IsStarving = false;
        }
    }

    /// <summary>Sets the mark that makes changers wake, and returns the sequence for <see cref="Sleep"/>.</summary>
    public int Prepare()
    {
        var sequence = Volatile.Read(ref _words->Sequence);
        Interlocked.Exchange(ref _words->Waiting, 1);
        GC.KeepAlive(_block);
        return sequence;
    }

    /// <summary>
    /// Sleeps, unless a wake has happened since <see cref="Prepare"/> returned <paramref name="sequence"/>.
    /// </summary>
    public void Sleep(int sequence, int milliseconds)
    {
        Futex.Wait(&_words->Sequence, sequence, milliseconds);
        GC.KeepAlive(_block);
    }

    /// <summary>Wakes waiters, which costs a system call, or finds that there are none, which costs one read.</summary>
    /// <remarks>The preceding change must have been an interlocked operation or be followed by one.</remarks>
    public void Wake(int count)
    {
        if (Volatile.Read(ref _words->Waiting) != 0)
        {
            Interlocked.Exchange(ref _words->Waiting, 0);
            WakeAlways(count);
        }
    }

    /// <summary>Wakes every waiter in every process.</summary>
    public void WakeAll() => WakeAlways(int.MaxValue);

    private void WakeAlways(int count)
    {
        Interlocked.Increment(ref _words->Sequence);
        Futex.Wake(&_words->Sequence, count);
        GC.KeepAlive(_block);
    }

    private struct Words
    {
        public int Sequence;
        public int Waiting;
        public int Starving;
    }
}
