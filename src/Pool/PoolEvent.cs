namespace MultiProc;

/// <summary>Something that happened to a pool, such as the loss of a worker.</summary>
/// <param name="Time">When it happened.</param>
/// <param name="Text">What happened, in one line.</param>
public sealed record PoolEvent(DateTimeOffset Time, string Text);
