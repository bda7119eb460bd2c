namespace MultiProc.Scheduling;

/// <summary>Ends a call whose pool was terminated under it: its task is cancelled, not failed. Never leaves this assembly.</summary>
internal sealed class PoolEndedException() : OperationCanceledException("The pool was terminated before the call had ended.");
