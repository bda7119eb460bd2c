using System.Runtime.InteropServices;
using MultiProc.Protocol.Memory;

namespace MultiProc.Sharing;

/// <summary>The places of a barrier: who has arrived in the current phase.</summary>
/// <remarks>
/// A place is taken by writing the phase into it, and all are free again when the phase moves on; each is one word, so a process that is killed
/// anywhere in here leaves consistent places. Those of the dead are cleared when they would make the difference.
/// </remarks>
internal sealed unsafe class BarrierPlaces
{
    private const int WordOffset = RobustLock.Size;
    private const int StateOffset = WordOffset + WaitWord.Size;

    private readonly SharedBlock _block;
    private readonly RobustLock _lock;
    private readonly State* _state;
    private readonly Place* _places;

    public BarrierPlaces(SharedBlock block)
    {
        _block = block;
        _lock = new RobustLock(block, 0);
        Waiters = new Waiters(block, new WaitWord(block, WordOffset), inTurn: false);
        _state = (State*)block.At(StateOffset);
        _places = (Place*)(_state + 1);
    }

    public Waiters Waiters { get; }

    public int Participants => _state->Participants;

    /// <summary>Bytes it occupies.</summary>
    public static long SizeFor(int participants) => StateOffset + sizeof(State) + ((long)participants * sizeof(Place));

    public void Initialize(int participants) => *_state = new State { Participants = participants, Phase = 1 };

    /// <summary>Takes a place; the last to arrive ends the phase.</summary>
    public Arrival Arrive()
    {
        Arrival arrival;
        bool isLast;
        _lock.Enter();
        try
        {
            var phase = _state->Phase;
            var free = FindFree(phase);
            if (free < 0)
            {
                // Only when the last to arrive was killed before it ended the phase.
                ClearPlacesOfTheDead(phase);
                free = FindFree(phase);
            }

            _places[free].Owner = ProcessIdentity.Current.Value;
            Volatile.Write(ref _places[free].Phase, phase);
            arrival = new Arrival(phase, free);
            isLast = IsFull(phase);
            if (isLast)
            {
                Volatile.Write(ref _state->Phase, phase + 1);
            }
        }
        finally
        {
            _lock.Exit();
        }

        if (isLast)
        {
            Waiters.Word.Wake(int.MaxValue);
        }

        GC.KeepAlive(_block);
        return arrival;
    }

    /// <summary>What one who has arrived tries: that the phase has ended.</summary>
    public Attempt<bool> WaitFor(Arrival arrival) => (bool _, out bool result) =>
    {
        result = Volatile.Read(ref _state->Phase) != arrival.Phase;
        GC.KeepAlive(_block);
        return result;
    };

    /// <summary>Leaves the place again.</summary>
    /// <returns>False when the phase has ended meanwhile.</returns>
    public bool TryWithdraw(Arrival arrival)
    {
        _lock.Enter();
        try
        {
            if (_state->Phase != arrival.Phase)
            {
                return false;
            }

            _places[arrival.Place].Phase = 0;
            return true;
        }
        finally
        {
            _lock.Exit();
        }
    }

    private int FindFree(long phase)
    {
        for (var i = 0; i < _state->Participants; i++)
        {
            if (_places[i].Phase != phase)
            {
                return i;
            }
        }

        return -1;
    }

    private bool IsFull(long phase)
    {
        if (FindFree(phase) >= 0)
        {
            return false;
        }

        ClearPlacesOfTheDead(phase);
        return FindFree(phase) < 0;
    }

    private void ClearPlacesOfTheDead(long phase)
    {
        var checkedOwner = 0ul;
        for (var i = 0; i < _state->Participants; i++)
        {
            var owner = _places[i].Owner;
            if (_places[i].Phase == phase && owner != checkedOwner)
            {
                if (new ProcessIdentity(owner).IsAlive)
                {
                    checkedOwner = owner;
                }
                else
                {
                    _places[i].Phase = 0;
                }
            }
        }
    }

    /// <summary>A place taken in a phase.</summary>
    internal readonly record struct Arrival(long Phase, int Place);

    private struct State
    {
        public long Phase;
        public int Participants;
    }

    [StructLayout(LayoutKind.Sequential)]
    private struct Place
    {
        public ulong Owner;
        public long Phase;
    }
}
