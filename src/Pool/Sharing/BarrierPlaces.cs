using System.Runtime.InteropServices;
using MultiProc.Protocol.Memory;

namespace MultiProc.Sharing;

/// <summary>The places of a barrier in shared memory, which record who has arrived in the current phase.</summary>
/// <remarks>
/// A participant takes a place by writing the phase into it, and all places are free again when the phase advances.
/// Each is one word, so a process that is killed at any point leaves consistent places. Places of dead processes are
/// cleared when they would make a difference. A phase is a number with a tag, so that memory that was overwritten by
/// another process is detected.
/// </remarks>
internal sealed unsafe class BarrierPlaces
{
    private const int WordOffset = RobustLock.Size;
    private const int StateOffset = WordOffset + WaitWord.Size;
    private const long PhaseMark = 0x4D50L << 48;
    private const long MarkOfPhase = 0xFFFFL << 48;

    // The number of checks, the later ones 50 ms apart, for which all may have arrived without the phase ending. That
    // never takes nearly as long.
    private const int MaxLooksWhenFull = 200;

    private readonly SharedBlock _block;
    private readonly RobustLock _lock;
    private readonly State* _state;
    private readonly Place* _places;

    /// <param name="block">The shared block.</param>
    /// <param name="participants">
    /// The number of participants, in the process that creates the barrier; null: it exists already.
    /// </param>
    public BarrierPlaces(SharedBlock block, int? participants = null)
    {
        _block = block;
        _lock = new RobustLock(block, 0);
        Waiters = new Waiters(block, new WaitWord(block, WordOffset), inTurn: false);
        _state = (State*)block.At(StateOffset);
        _places = (Place*)(_state + 1);
        if (participants is { } count)
        {
            *_state = new State { Participants = count, Phase = PhaseMark | 1 };
        }

        // Read once: the number of places must not depend on later writes of other processes.
        Participants = _state->Participants;
        if (Participants < 1 || SizeFor(Participants) > block.BodySize)
        {
            throw block.Damaged($"{Participants} participants");
        }
    }

    public Waiters Waiters { get; }

    public int Participants { get; }

    // The phase as stored in shared memory.
    private long Phase
    {
        get
        {
            var phase = Volatile.Read(ref _state->Phase);
            return (phase & MarkOfPhase) == PhaseMark && phase != PhaseMark ? phase : throw _block.Damaged("its phase");
        }
    }

    /// <summary>The size in bytes.</summary>
    public static long SizeFor(int participants) => StateOffset + sizeof(State) + ((long)participants * sizeof(Place));

    /// <summary>Takes a place. The last participant to arrive ends the phase.</summary>
    public Arrival Arrive()
    {
        Arrival arrival;
        bool isLast;
        _lock.Enter();
        try
        {
            var phase = Phase;
            var free = FindFree(phase);
            if (free < 0)
            {
                // This happens only if the last participant was killed before it ended the phase.
                ReclaimPlacesOfDeadProcesses(phase);
                free = FindFree(phase);
            }

            if (free < 0)
            {
                throw _block.Damaged("all have arrived, and none has gone on");
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

    /// <summary>The attempt of a participant that has arrived: succeeds when the phase has ended.</summary>
    public Attempt<bool> WaitFor(Arrival arrival)
    {
        var looksWhenFull = 0;
        return (bool isOverdue, out bool result) =>
        {
            var phase = Phase;
            result = phase != arrival.Phase;
            if (phase < arrival.Phase)
            {
                throw _block.Damaged("its phase went back");
            }

            if (!result && isOverdue)
            {
                // The order matters: the phase ends before anybody takes this place again.
                var mine = Volatile.Read(ref _places[arrival.Place].Phase);
                looksWhenFull = FindFree(arrival.Phase) < 0 ? looksWhenFull + 1 : 0;
                if (Phase == arrival.Phase && (mine != arrival.Phase || looksWhenFull > MaxLooksWhenFull))
                {
                    throw _block.Damaged(mine != arrival.Phase ? "a place was lost" : "all have arrived, and none has gone on");
                }
            }

            GC.KeepAlive(_block);
            return result;
        };
    }

    /// <summary>Leaves the place.</summary>
    /// <returns>False if the phase has ended meanwhile.</returns>
    public bool TryWithdraw(Arrival arrival)
    {
        _lock.Enter();
        try
        {
            if (Phase != arrival.Phase)
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
        for (var i = 0; i < Participants; i++)
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

        ReclaimPlacesOfDeadProcesses(phase);
        return FindFree(phase) < 0;
    }

    private void ReclaimPlacesOfDeadProcesses(long phase)
    {
        var checkedOwner = 0ul;
        for (var i = 0; i < Participants; i++)
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

    /// <summary>A place that was taken in a phase.</summary>
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
