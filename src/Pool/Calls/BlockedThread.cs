using MultiProc.Protocol.Calls;

namespace MultiProc.Calls;

/// <summary>How the present thread waits while it blocks for a call.</summary>
/// <remarks>A monitor's waiter would meet the one who wakes it inside the lock, and on a busy processor yield to it again and again.</remarks>
internal sealed class BlockedThread
{
    [ThreadStatic]
    private static BlockedThread? _current;

    public static BlockedThread Current => _current ??= new BlockedThread();

    /// <summary>What it does first.</summary>
    public AdaptiveSpinWait SpinWait { get; } = new(TimeProvider.System);

    /// <summary>What it sleeps on. It may be signalled late, for an earlier call: whoever wakes up looks again.</summary>
    public AutoResetEvent Event { get; } = new(false);
}
