using MultiProc.Boundary;

namespace MultiProc.Workers;

/// <summary>The functions and rules that each worker receives before its first call.</summary>
/// <param name="Initializer">The function that runs first, as a graph; empty: none.</param>
/// <param name="Exit">The function that runs last, as a graph; empty: none.</param>
/// <param name="Rules">The pool's surrogate rules, for types that are not the user's own; null: none.</param>
/// <param name="EncodedRules">The same rules, encoded for another process.</param>
internal readonly record struct WorkerHooks(
    ReadOnlyMemory<byte> Initializer, ReadOnlyMemory<byte> Exit, SurrogateRules? Rules = null, ReadOnlyMemory<byte> EncodedRules = default);
