using MultiProc.Calls;
using MultiProc.Live;
using MultiProc.Protocol.Messages;

namespace MultiProc.Workers;

/// <summary>
/// A call without effect. A standby worker runs it once, so that everything the first call of a process compiles and
/// loads is ready: that is half of the time from a loss to the next answer. The call is not counted, and its result is
/// dropped.
/// </summary>
internal static class WarmupCall
{
    private static readonly Func<int, int> Function = Pass;

    public static WorkUnit Unit { get; } = new(
        WorkUnit.WarmupId, FirstItem: 0, Count: 1, IsSequence: false, IsTimed: false, CallEncoder.Code(Function),
        CallEncoder.Arguments(ValueTuple.Create(0), new LiveExports(static _ => { })));

    private static int Pass(int value) => value;
}
