namespace MultiProc.Workers;

/// <summary>What each worker runs first and last, as graphs; empty: nothing.</summary>
internal readonly record struct WorkerHooks(ReadOnlyMemory<byte> Initializer, ReadOnlyMemory<byte> Exit);
