namespace MultiProc.Sequences;

/// <summary>A source that may know its length before it is read.</summary>
internal interface ICountedSource
{
    /// <summary>The length; null: not known.</summary>
    long? Count { get; }
}
