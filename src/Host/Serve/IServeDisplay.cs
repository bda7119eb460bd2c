namespace MultiProc.Host.Serve;

/// <summary>How a served pool is shown: on a screen, or as lines.</summary>
internal interface IServeDisplay : IDisposable
{
    /// <summary>Shows what the pool is doing, and what its functions have printed.</summary>
    void Show(PoolInfo pool, IReadOnlyList<PoolEvent> output);

    /// <summary>The pool takes no new calls, and waits for those it has.</summary>
    void TellEnding(PoolInfo pool);
}
