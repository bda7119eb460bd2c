using MultiProc.Calls;
using MultiProc.Live;
using MultiProc.Protocol.Messages;

namespace MultiProc.Workers;

/// <summary>
/// A call of nothing. A worker that waits as a standby makes it once, for what the first call of a process compiles and loads: half of the time from a loss to the
/// next answer. Nobody counts it, and nobody is told its result.
/// </summary>
internal static class WarmupCall
{
    private static readonly Func<int, int> Function = Pass;

    public static WorkUnit Unit { get; } = new(
        WorkUnit.WarmupId, FirstItem: 0, Count: 1, IsSequence: false, IsTimed: false, CallEncoder.Code(Function),
        CallEncoder.Arguments(ValueTuple.Create(0), new LiveExports(static _ => { })));

    private static int Pass(int value) => value;
}
