namespace MultiProc.Host.Run;

/// <summary>A set of item numbers, kept as ranges: what a run has done is nearly all in one piece.</summary>
internal sealed class ItemSet
{
    private readonly List<(long First, long Last)> _ranges = [];

    public long Count { get; private set; }

    public void Add(long number)
    {
        var after = IndexAfter(number);
        if (after > 0 && _ranges[after - 1].Last >= number)
        {
            return;
        }

        Count++;
        var joinsBefore = after > 0 && _ranges[after - 1].Last == number - 1;
        var joinsAfter = after < _ranges.Count && _ranges[after].First == number + 1;
        if (joinsBefore && joinsAfter)
        {
            _ranges[after - 1] = (_ranges[after - 1].First, _ranges[after].Last);
            _ranges.RemoveAt(after);
        }
        else if (joinsBefore)
        {
            _ranges[after - 1] = (_ranges[after - 1].First, number);
        }
        else if (joinsAfter)
        {
            _ranges[after] = (number, _ranges[after].Last);
        }
        else
        {
            _ranges.Insert(after, (number, number));
        }
    }

    public bool Contains(long number) => IndexAfter(number) is > 0 and var after && _ranges[after - 1].Last >= number;

    // The first range that begins behind the number.
    private int IndexAfter(long number)
    {
        var (low, high) = (0, _ranges.Count);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (_ranges[middle].First <= number)
            {
                low = middle + 1;
            }
            else
            {
                high = middle;
            }
        }

        return low;
    }
}
