namespace MultiProc.Scheduling;

/// <summary>Ends are noted under the lock and told outside of it; only then does the dispatcher count as drained.</summary>
internal sealed partial class Dispatcher
{
    private const int KeptEndings = 1_024;

    [ThreadStatic]
    private static List<Ending>? _endings;

    private Action<int>? _onTold;
    private long _untold;

    /// <summary>An empty list for the ends that a message brings; most bring many.</summary>
    private static List<Ending> RentEndings()
    {
        var endings = _endings ?? [];
        _endings = null;
        return endings;
    }

    private static void ReturnEndings(List<Ending> endings)
    {
        endings.Clear();
        _endings = endings.Capacity <= KeptEndings ? endings : null;
    }

    private void Note(Ending ending, List<Ending> endings)
    {
        _untold++;
        endings.Add(ending);
    }

    private void OnTold(int count)
    {
        lock (_gate)
        {
            _untold -= count;
            TellDrained();
        }
    }

    private void Tell(List<Ending> endings)
    {
        if (endings.Count == 0)
        {
            return;
        }

        using var inside = settings.Callbacks?.Enter();
        var told = 0;
        _onTold ??= OnTold;
        foreach (var ending in endings)
        {
            told += ending.Tell(_onTold, settings.Recorder) ? 1 : 0;
        }

        if (told > 0)
        {
            OnTold(told);
        }
    }
}
