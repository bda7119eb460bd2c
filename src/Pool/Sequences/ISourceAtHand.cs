namespace MultiProc.Sequences;

/// <summary>A source whose elements are available without waiting.</summary>
internal interface ISourceAtHand<TArguments>
{
    /// <summary>Takes the next element; false at the end.</summary>
    bool TryNext(out TArguments next);
}
