using MultiProc.Boundary;
using MultiProc.Protocol.Messages;
using MultiProc.Protocol.Records;
using MultiProc.Scheduling;

namespace MultiProc.Sequences;

/// <summary>
/// Which item of a map failed, and with which argument: in the failure's data and in the worker's stack trace. Type
/// and message stay the function's.
/// </summary>
internal static class FailedItem
{
    private const string ArgumentKey = "MultiProc.Argument";
    private const int MaxArgumentLength = 200;
    private const int MaxKept = 1 << 18;

    // Many items of one unit may fail, one after another: each is found from the one before it.
    [ThreadStatic]
    private static (WorkUnit Unit, int Item, ReadOnlyMemory<byte> Behind) _last;

    /// <summary>
    /// Adds the item to the failure. If that fails, the failure stays as it is, because it matters more.
    /// </summary>
    /// <param name="error">The failure.</param>
    /// <param name="work">The work that the item belongs to.</param>
    /// <param name="unit">Its bytes as they were when the item failed.</param>
    /// <param name="item">Its number.</param>
    public static void Note(Exception error, Work work, in WorkUnit unit, int item)
    {
        try
        {
            // A chunk of a reduction is one item here: its function has noted by itself where in it it was.
            if (work.Sink.IndexOf(item) is not { } index || error is PoolEndedException
                || ArgumentsText.Of(unit.Function, ArgumentsOf(unit, item), MaxArgumentLength) is not { } argument)
            {
                return;
            }

            error.Data[ItemIndex.FullKey] = index;
            error.Data[ArgumentKey] = argument;
            var line = $"   with item {index} of the map: {argument}";
            if (error is RemoteException remote)
            {
                remote.RemoteStackTrace = Below(remote.RemoteStackTrace, line);
            }
            else if (error is CallTimeoutException timeout)
            {
                timeout.AddToStackTrace(line);
            }
            else if (FaultTrace.Of(error) is { Length: > 0 } trace)
            {
                FaultTrace.Set(error, Below(trace, line));
            }
        }
        catch (Exception)
        {
            // Exception.Data is virtual, and an override may throw.
        }
    }

    // A separator line ends the worker's frames; the frames of this process follow it.
    private static string Below(string trace, string line)
    {
        if (trace.Length == 0)
        {
            return line;
        }

        var end = trace.LastIndexOf(FaultTrace.End, StringComparison.Ordinal);
        return end < 0 ? $"{trace}{Environment.NewLine}{line}" : $"{trace[..end]}{line}{Environment.NewLine}{trace[end..]}";
    }

    private static ReadOnlyMemory<byte> ArgumentsOf(in WorkUnit unit, int item)
    {
        var (at, rest) = _last.Unit.Id == unit.Id && _last.Unit.Body.Equals(unit.Body) && _last.Item <= item ? (_last.Item, _last.Behind) : (unit.FirstItem, unit.Body);
        for (; at < item; at++)
        {
            ItemBlock.TakeItem(ref rest);
        }

        if (unit.Body.Length <= MaxKept)
        {
            _last = (unit, item, rest);
        }

        return ItemBlock.TakeItem(ref rest);
    }
}
