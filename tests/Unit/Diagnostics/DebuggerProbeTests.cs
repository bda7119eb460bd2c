using System.Diagnostics;
using MultiProc.Diagnostics;

namespace MultiProc.Unit.Diagnostics;

public sealed class DebuggerProbeTests
{
    [Fact]
    public void Of_a_process_that_has_ended_it_is_not_known_whether_it_had_a_debugger()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Elsewhere it is never known.");
        using var process = Process.Start(new ProcessStartInfo("sleep", "1000"))!;
        var before = DebuggerProbe.IsAttached(process.Id);
        process.Kill();
        process.WaitForExit();

        Assert.Equal((false, null), (before, DebuggerProbe.IsAttached(process.Id)));
    }
}
