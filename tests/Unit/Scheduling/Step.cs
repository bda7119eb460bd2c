namespace MultiProc.Unit.Scheduling;

/// <summary>One thing that happens in a random schedule; what <paramref name="A"/> and <paramref name="B"/> choose depends on what happens.</summary>
internal readonly record struct Step(Happening What, int A, int B);

/// <summary>What can happen to a dispatcher.</summary>
internal enum Happening
{
    Submit,
    SubmitChunk,
    SubmitPinned,
    Begin,
    End,
    Throw,
    Flush,
    Die,
    Abandon,
    Attach,
    Retire,
    Wait,
    WaitLong,
    Close,
    SendDeferred,

    /// <summary>A runner's status page is damaged or forged from now on.</summary>
    Lie,

    /// <summary>A runner gives back unasked what has not begun.</summary>
    GiveBack,

    /// <summary>A runner gives back even what has begun.</summary>
    GiveBackWhatRuns,
}
