using System.Diagnostics;
using MultiProc.Protocol.Memory;

namespace MultiProc.Unit.Sharing;

public sealed class ProcessIdentityTests
{
    [Fact]
    public void This_process_is_alive()
    {
        Assert.True(ProcessIdentity.Current.IsAlive);
        Assert.Equal(Environment.ProcessId, ProcessIdentity.Current.ProcessId);
    }

    [Fact]
    public void A_live_process_with_the_same_id_but_another_start_time_is_not_the_one_that_is_meant()
    {
        Assert.False(new ProcessIdentity(ProcessIdentity.Current.Value ^ 1).IsAlive);
    }

    [Fact]
    public void Nobody_is_not_alive() => Assert.False(default(ProcessIdentity).IsAlive);

    [Fact]
    public void A_process_that_has_ended_is_dead_before_and_after_its_parent_asked_for_it()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "The test uses a Unix program.");
        using var process = Process.Start("sleep", "60");
        var identity = ReadIdentity(process.Id);
        Assert.True(identity.IsAlive);

        process.Kill();
        process.WaitForExit();

        Assert.False(identity.IsAlive);
    }

    private static ProcessIdentity ReadIdentity(int processId)
    {
        var fields = File.ReadAllText($"/proc/{processId}/stat").Split(") ")[^1].Split(' ');
        return new ProcessIdentity(((ulong)processId << 32) | uint.Parse(fields[19], System.Globalization.CultureInfo.InvariantCulture));
    }
}
