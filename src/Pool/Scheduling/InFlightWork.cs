using System.Collections;

namespace MultiProc.Scheduling;

/// <summary>The work of a runner, oldest first. Usually the first one ends first; removing that moves nothing. Guarded by the dispatcher's lock.</summary>
internal sealed class InFlightWork : IReadOnlyList<Work>
{
    // At this many empty places in front the rest is moved.
    private const int MaxGone = 256;

    private readonly List<Work?> _places = [];
    private int _gone;

    public int Count => _places.Count - _gone;

    public Work this[int index] => _places[_gone + index]!;

    public void Add(Work work)
    {
        if (_gone >= MaxGone)
        {
            _places.RemoveRange(0, _gone);
            _gone = 0;
        }

        _places.Add(work);
    }

    public void Remove(Work work)
    {
        if (_places[_gone] != work)
        {
            _places.Remove(work);
            return;
        }

        _places[_gone++] = null;
        if (Count == 0)
        {
            Clear();
        }
    }

    public void Clear()
    {
        _places.Clear();
        _gone = 0;
    }

    public Work? Find(long unit)
    {
        for (var i = 0; i < Count; i++)
        {
            if (this[i].Id == unit)
            {
                return this[i];
            }
        }

        return null;
    }

    public bool Exists(Predicate<Work> match)
    {
        for (var i = 0; i < Count; i++)
        {
            if (match(this[i]))
            {
                return true;
            }
        }

        return false;
    }

    public IEnumerator<Work> GetEnumerator() => _places.Skip(_gone).GetEnumerator()!;

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
