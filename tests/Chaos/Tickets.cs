namespace MultiProc.Chaos;

/// <summary>Counts, in memory shared with the workers, how often a function has begun: the books that no lost answer can falsify.</summary>
internal sealed class Tickets : IDisposable
{
    private const int Length = 1 << 20;

    private readonly SharedArray<int> _begun = new(Length);
    private int _last = -1;

    public SharedArray<int> Begun => _begun;

    public int Take() => Interlocked.Increment(ref _last) % Length;

    /// <summary>How often the function of a ticket has begun; the ticket can then be used again.</summary>
    public int Redeem(int ticket) => Interlocked.Exchange(ref _begun[ticket], 0);

    public void Dispose() => _begun.Dispose();
}
