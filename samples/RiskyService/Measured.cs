namespace RiskyService;

/// <summary>An answer, and who gave it.</summary>
internal sealed record Measured(long Bytes, int Worker);
