using System.Diagnostics;

namespace MultiProc.Attacks;

/// <summary>Runs a host of a pool (see <see cref="SpecHost.Scenarios"/>) in surroundings that a shell prepares.</summary>
internal static class Surroundings
{
    public static string HostFile { get; } = typeof(SpecHost.Scenarios).Assembly.Location;

    /// <summary>Runs shell commands and then, in the same process, a host that makes one call.</summary>
    public static Task<Ended> RunAsync(string commands, string scenario = nameof(SpecHost.Scenarios.OneCall)) =>
        Started.ToEndAsync("/bin/bash", "-c", $"{commands}; exec dotnet exec {HostFile} {scenario}");

    /// <summary>The same in a mount namespace of its own.</summary>
    public static Task<Ended> RunMountedAsync(string commands, string scenario = nameof(SpecHost.Scenarios.OneCall)) =>
        Started.ToEndAsync("unshare", "--mount", "/bin/bash", "-c", $"{commands}; exec dotnet exec {HostFile} {scenario}");

    /// <summary>Skips a spec where nobody may have a mount namespace of his own.</summary>
    public static void SkipUnlessMountable()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Namespaces are Linux's.");
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "Only root may mount.");
        using var attempt = Process.Start("unshare", ["--mount", "true"]);
        attempt.WaitForExit();
        Assert.SkipUnless(attempt.ExitCode == 0, "Here nobody may unshare.");
    }
}
