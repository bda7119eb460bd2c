namespace MultiProc.Scheduling;

/// <summary>
/// Where many brief calls wait, neighbours become one piece of work: each costs a fraction of what it would alone, here, on the way and in the collector. Every
/// call keeps an end of its own, as the items of a map do.
/// </summary>
internal sealed partial class Dispatcher
{
    /// <summary>So many must wait for each runner: then it does not matter which of them gets a few more.</summary>
    private const int LeastBacklog = 16;

    private long _joinsFrom = long.MaxValue;

    /// <summary>Accepts a call as a part of the work that waits before it.</summary>
    /// <param name="call">Told its end.</param>
    /// <param name="policy">Only a call without a time limit and a key can be a part of anything.</param>
    /// <param name="code">Of a function that captures nothing.</param>
    /// <param name="arguments">Nothing of them crosses live.</param>
    /// <returns>False: there is no such work, and the call must be submitted.</returns>
    public bool TryJoin(IWorkSink call, CallPolicy policy, ReadOnlyMemory<byte> code, ReadOnlyMemory<byte> arguments)
    {
        // Without the lock: usually there is none, and whether it just meets the mark does not matter.
        if (_queue.Items < Volatile.Read(ref _joinsFrom))
        {
            return false;
        }

        lock (_gate)
        {
            if (_closed || _fault is not null || !_queue.TryJoin(call, policy, code, arguments))
            {
                return false;
            }

            _outstanding++;
            _arrivals++;
            return true;
        }
    }

    // Failures are saved, and calls listed, one by one.
    private void SeeWhetherToJoin(Seat seat) =>
        _joinsFrom = seat.IsBrief && settings is { Recorder: null, Insights: null } ? LeastBacklog * _seats.Count : long.MaxValue;
}
