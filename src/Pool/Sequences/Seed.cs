namespace MultiProc.Sequences;

/// <summary>What a fold begins with; its absence is told from a null seed.</summary>
internal sealed record Seed<T>(T Value);
