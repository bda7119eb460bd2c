using MultiProc.Scheduling;

namespace MultiProc.Control;

/// <summary>The pool behind a control pipe.</summary>
internal interface IControlledPool : IProcessPool
{
    /// <summary>Its workers.</summary>
    IWorkerSupervisor Supervisor { get; }

    /// <summary>Whether it accepts no more calls.</summary>
    bool IsClosed { get; }

    /// <summary>A snapshot of everything that is known about it.</summary>
    PoolInfo Describe();
}
