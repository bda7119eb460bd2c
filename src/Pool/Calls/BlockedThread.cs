using MultiProc.Protocol.Calls;

namespace MultiProc.Calls;

/// <summary>The wait of the current thread for a call that it blocks on.</summary>
/// <remarks>An event, not a monitor: a monitor wakes its waiter while the waker still holds the lock, and on a busy processor the
/// waiter would yield to the waker again and again.</remarks>
internal sealed class BlockedThread
{
    [ThreadStatic]
    private static BlockedThread? _current;

    public static BlockedThread Current => _current ??= new BlockedThread();

    /// <summary>The short spin before the thread sleeps.</summary>
    public AdaptiveSpinWait SpinWait { get; } = new(TimeProvider.System);

    /// <summary>
    /// The event that the thread sleeps on. An earlier call may signal it late, so the thread checks its call after
    /// each wake-up.
    /// </summary>
    public AutoResetEvent Event { get; } = new(false);
}
