namespace MultiProc.Specs.Faults;

/// <summary>What becomes of a call whose worker dies.</summary>
public enum Outcome
{
    /// <summary>It had not begun, or had ended: it returns, and nothing is counted against it.</summary>
    Unharmed,

    /// <summary>It begins again elsewhere, and returns.</summary>
    Retried,

    /// <summary>It fails with <see cref="WorkerLostException"/>.</summary>
    Lost,
}
