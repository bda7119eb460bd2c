using System.Collections.Immutable;

namespace MultiProc;

/// <summary>Which workers wait for a debugger before their first call, and what a debugger changes. Immutable.</summary>
public sealed record WorkerDebugging
{
    private WorkerDebugging(bool all, ImmutableArray<int> slots)
    {
        AllSlots = all;
        Slots = slots;
    }

    /// <summary>No worker waits. The default.</summary>
    public static WorkerDebugging None { get; } = new(all: false, []);

    /// <summary>Whether every worker waits.</summary>
    public bool AllSlots { get; }

    /// <summary>The slots that wait; empty when none or all do.</summary>
    public ImmutableArray<int> Slots { get; }

    /// <summary>
    /// Whether the time limits of a call stand still while a debugger is attached to its worker. Default true. False lets a limit end a call, and its worker,
    /// although somebody stands at a breakpoint there.
    /// </summary>
    public bool SuspendsLimits { get; init; } = true;

    /// <summary>Workers in these slots wait, after their handshake, until a debugger is attached; the others work on.</summary>
    /// <param name="slots">Slots from 0; none means all.</param>
    /// <exception cref="ArgumentNullException"><paramref name="slots"/> is null.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A slot is below 0.</exception>
    public static WorkerDebugging WaitForDebugger(params int[] slots)
    {
        ArgumentNullException.ThrowIfNull(slots);
        foreach (var slot in slots)
        {
            ArgumentOutOfRangeException.ThrowIfNegative(slot, nameof(slots));
        }

        return new WorkerDebugging(slots.Length == 0, [.. slots]);
    }

    /// <summary>Whether the worker in <paramref name="slot"/> waits.</summary>
    /// <param name="slot">A slot from 0.</param>
    public bool Includes(int slot) => AllSlots || Slots.Contains(slot);
}
