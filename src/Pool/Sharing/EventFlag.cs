namespace MultiProc.Sharing;

/// <summary>
/// A flag in shared memory that processes wait for. The upper bits of its word count how often it was set, so that no
/// waiter misses a set that is reset at once.
/// </summary>
internal sealed unsafe class EventFlag
{
    /// <summary>The size in bytes.</summary>
    public const int Size = sizeof(uint) + sizeof(uint) + WaitWord.Size;

    private const uint SetBit = 1;
    private const uint OneSet = 2;

    // Other processes that set and reset the flag cannot win this often.
    private const int MaxAttempts = 1_000_000;

    private readonly SharedBlock _block;
    private readonly uint* _state;

    public EventFlag(SharedBlock block, int offset)
    {
        _block = block;
        _state = (uint*)block.At(offset);
        Waiters = new Waiters(block, new WaitWord(block, offset + (2 * sizeof(uint))), inTurn: false);
    }

    public Waiters Waiters { get; }

    public bool IsSet => (Read() & SetBit) != 0;

    public void Set()
    {
        var state = Read();
        for (var attempts = 0; (state & SetBit) == 0; attempts++)
        {
            if (attempts > MaxAttempts)
            {
                throw _block.Damaged("its flag never rests");
            }

            var seen = Interlocked.CompareExchange(ref *_state, unchecked(state + OneSet) | SetBit, state);
            if (seen == state)
            {
                Waiters.Word.Wake(int.MaxValue);
                break;
            }

            state = seen;
        }

        GC.KeepAlive(_block);
    }

    public void Reset()
    {
        Interlocked.And(ref *_state, ~SetBit);
        GC.KeepAlive(_block);
    }

    /// <summary>The attempt of a wait that begins now: succeeds when the flag is set, or has been since.</summary>
    public Attempt<bool> BeginWait()
    {
        var former = Read() / OneSet;
        return (bool _, out bool result) =>
        {
            var state = Read();
            return result = (state & SetBit) != 0 || state / OneSet != former;
        };
    }

    private uint Read()
    {
        var state = Volatile.Read(ref *_state);
        GC.KeepAlive(_block);
        return state;
    }
}
