namespace MultiProc.Unit.Workers;

/// <summary>One thing that happens to a supervisor; what <paramref name="A"/> and <paramref name="B"/> choose depends on what happens.</summary>
internal readonly record struct Fate(FateKind What, int A, int B);

/// <summary>What can happen to a supervisor.</summary>
internal enum FateKind
{
    Start,
    FailToStart,
    Submit,
    Begin,
    End,
    Die,
    Kill,
    Recycle,
    Resize,
    Wait,
    Rest,
}
