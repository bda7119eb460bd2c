namespace MultiProc.Sequences;

/// <summary>Where a source is, when none of its elements has to be waited for.</summary>
internal interface ISourceAtHand<TArguments>
{
    /// <summary>Takes the next element; false: there is none.</summary>
    bool TryNext(out TArguments next);
}
