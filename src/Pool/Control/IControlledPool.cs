using MultiProc.Scheduling;

namespace MultiProc.Control;

/// <summary>The pool behind a control pipe.</summary>
internal interface IControlledPool : IProcessPool
{
    /// <summary>The supervisor of its workers.</summary>
    IWorkerSupervisor Supervisor { get; }

    /// <summary>Whether the pool accepts no more calls.</summary>
    bool IsClosed { get; }

    /// <summary>A snapshot of the whole state of the pool.</summary>
    PoolInfo Describe();
}
