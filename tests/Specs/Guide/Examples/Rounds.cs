namespace MultiProc.Specs.Guide;

// <barrier-functions>
public static class Rounds
{
    private static SharedBarrier _barrier = null!;
    private static SharedArray<int> _cells = null!;

    public static void Prepare(SharedBarrier barrier, SharedArray<int> cells) => (_barrier, _cells) = (barrier, cells);

    public static int FillThenSum(int part)
    {
        _cells.Span.Slice(part * 500, 500).Fill(part + 1);
        _barrier.SignalAndWait();   // from here on both halves are filled
        var sum = 0;
        foreach (var cell in _cells.Span)
        {
            sum += cell;
        }

        return sum;
    }
}
// </barrier-functions>
