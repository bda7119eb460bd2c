using System.Diagnostics;
using MultiProc.Protocol.Launch;

namespace MultiProc.Worker.Lifetime;

/// <summary>Holds a worker that was told to wait until a debugger is attached. The host knows, and its limits wait too.</summary>
internal static class DebuggerGate
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(50);

    public static void Wait()
    {
        // A thread of its own, for its name: by that anybody can see from outside that this process waits.
        var waiting = new Thread(Poll) { Name = ProcessNames.WaitingThread, IsBackground = true };
        waiting.Start();
        waiting.Join();
    }

    private static void Poll()
    {
        // There is no event for it: Debugger.Launch does nothing outside Windows.
        while (!Debugger.IsAttached)
        {
            Thread.Sleep(Interval);
        }
    }
}
