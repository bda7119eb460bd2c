using System.Diagnostics;
using MultiProc.Protocol.Launch;

namespace MultiProc.Worker.Lifetime;

/// <summary>
/// The gate that holds a worker until a debugger is attached, if it was told to wait for one. The host knows, and its
/// limits wait, too.
/// </summary>
internal static class DebuggerGate
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(50);

    public static void Wait()
    {
        // A thread with a certain name: it shows from outside that this process waits.
        var waiting = new Thread(Poll) { Name = ProcessNames.WaitingThread, IsBackground = true };
        waiting.Start();
        waiting.Join();
    }

    private static void Poll()
    {
        // There is no event for it, and Debugger.Launch does nothing outside of Windows.
        while (!Debugger.IsAttached)
        {
            Thread.Sleep(Interval);
        }
    }
}
