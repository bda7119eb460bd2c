namespace MultiProc.Calls;

/// <summary>What the present thread waits on while it blocks for a call. It may be signalled late, for an earlier call: whoever wakes up looks again.</summary>
/// <remarks>A monitor's waiter would meet the one who wakes it inside the lock, and on a busy processor yield to it again and again.</remarks>
internal static class BlockedThread
{
    [ThreadStatic]
    private static AutoResetEvent? _event;

    public static AutoResetEvent Event => _event ??= new AutoResetEvent(false);
}
