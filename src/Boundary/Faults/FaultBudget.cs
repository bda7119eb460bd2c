namespace MultiProc.Boundary;

/// <summary>What one fault may carry in all: failures must not cost more than the calls they end.</summary>
internal sealed class FaultBudget
{
    private int _text = 4 << 20;
    private int _state = 16 << 20;

    /// <summary>The exceptions described so far: each is described once.</summary>
    public HashSet<Exception> Seen { get; } = new(ReferenceEqualityComparer.Instance);

    /// <summary>As much of <paramref name="text"/> as there is room for.</summary>
    public string Text(string text)
    {
        var kept = text.Length <= _text ? text : string.Concat(text.AsSpan(0, _text), " ...");
        _text = Math.Max(_text - kept.Length, 256);
        return kept;
    }

    /// <summary>Whether there is room for <paramref name="bytes"/> of state; then it is taken.</summary>
    public bool TakeState(int bytes)
    {
        var fits = bytes <= _state;
        _state -= fits ? bytes : 0;
        return fits;
    }
}
