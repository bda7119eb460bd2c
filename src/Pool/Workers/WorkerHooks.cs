using MultiProc.Boundary;

namespace MultiProc.Workers;

/// <summary>What each worker is given before its first call.</summary>
/// <param name="Initializer">What it runs first, as a graph; empty: nothing.</param>
/// <param name="Exit">What it runs last, as a graph; empty: nothing.</param>
/// <param name="Rules">The pool's rules for types that are not its user's; null: none.</param>
/// <param name="EncodedRules">The same, for another process.</param>
internal readonly record struct WorkerHooks(
    ReadOnlyMemory<byte> Initializer, ReadOnlyMemory<byte> Exit, SurrogateRules? Rules = null, ReadOnlyMemory<byte> EncodedRules = default);
