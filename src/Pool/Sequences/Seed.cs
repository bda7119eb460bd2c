namespace MultiProc.Sequences;

/// <summary>The initial value of a fold. A missing seed differs from a null seed.</summary>
internal sealed record Seed<T>(T Value);
