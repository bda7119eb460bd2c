using MultiProc.Diagnostics;

namespace MultiProc.Workers;

/// <summary>What the workers are doing.</summary>
internal sealed partial class WorkerSupervisor
{
    public IReadOnlyList<WorkerInfo> Snapshot()
    {
        (WorkerSlot Slot, IWorker? Runner, bool IsReplacing, int Starting, int Restarts)[] slots;
        lock (_gate)
        {
            slots = [.. _slots.Select(static slot => (slot, slot.Current, slot.IsReplacing, slot.StartingProcessId, slot.Restarts))];
        }

        return [.. slots.Select(slot => slot.Runner is { } runner ? Describe(runner, slot.IsReplacing, slot.Restarts) : Describe(slot.Slot, slot.Starting, slot.Restarts))];
    }

    private WorkerInfo Describe(IWorker runner, bool isReplacing, int restarts)
    {
        var running = runner.Running;
        return new WorkerInfo
        {
            Slot = runner.Slot,
            Name = "w" + runner.Slot,
            ProcessId = runner.ProcessId,
            State = runner.Ended.IsCompleted ? WorkerState.Exited
                : runner.IsLeaving ? WorkerState.Stopping
                : running is not null ? WorkerState.Busy
                : isReplacing ? WorkerState.Stopping : WorkerState.Idle,
            CurrentCall = running is { } item ? _dispatcher.LabelOf(runner, item.Unit) : null,
            CurrentCallElapsed = running?.Elapsed,
            CallsCompleted = runner.CallsCompleted,
            Restarts = restarts,
            DebuggerAttached = DebuggerProbe.IsAttached(runner.ProcessId),
            ProcessorTime = runner.ProcessorTime,
            WorkingSetBytes = runner.WorkingSetBytes,
        };
    }

    private WorkerInfo Describe(WorkerSlot slot, int processId, int restarts) =>
        new()
        {
            Slot = slot.Index,
            Name = "w" + slot.Index,
            ProcessId = processId,
            State = _ending.IsCancellationRequested ? WorkerState.Exited
                : _options.Debugging.Includes(slot.Index) && processId != 0 ? WorkerState.WaitingForDebugger
                : WorkerState.Starting,
            Restarts = restarts,
        };
}
