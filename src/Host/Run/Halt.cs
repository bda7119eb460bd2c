namespace MultiProc.Host.Run;

/// <summary>What the first failed call means for the rest of a run, by the words that GNU parallel has for it.</summary>
internal enum Halt
{
    /// <summary>Nothing: the others are run.</summary>
    Never,

    /// <summary>No further call begins; those that have begun are finished.</summary>
    Soon,

    /// <summary>Those that have begun are stopped, too.</summary>
    Now,
}
