using MultiProc.Protocol.Calls;

namespace MultiProc.Context;

/// <summary>Makes the worker's one <see cref="WorkerContext"/>, when it is first asked for.</summary>
internal static class WorkerContextSource
{
    private static WorkerContext? _current;

    public static WorkerContext? Current =>
        _current ?? (CurrentWorker.Identity is { } identity ? _current = new WorkerContext(identity) : null);
}
