namespace MultiProc.Attacks;

/// <summary>A pool in surroundings in which it cannot work says what is wrong with them, and the way out.</summary>
public sealed class SurroundingsSpecs : PoolSpec
{
    private const int NotStarted = 3;

    [Spec]
    public async Task A_host_that_ignores_the_end_of_its_children_is_told_so_when_it_starts_a_pool()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Seen on Linux.");

        var ended = await Surroundings.RunAsync("trap '' CHLD");

        ExpectRefusal(ended, "ignores SIGCHLD", "env --default-signal=CHLD");
    }

    [SpecTheory]
    [InlineData(".", "is not an absolute path")]
    [InlineData("relative/place", "is not an absolute path")]
    [InlineData("/nowhere/at/all", "does not exist")]
    public async Task A_temporary_directory_that_is_none_is_named_with_its_variable(string directory, string cause)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "There pipes are no files.");

        var ended = await Surroundings.RunAsync($"export TMPDIR={directory}");

        ExpectRefusal(ended, directory, $"TMPDIR={directory}", cause, "Set TMPDIR to the absolute path");
    }

    [SpecTheory]
    [InlineData("ro", "read-only file system")]
    [InlineData("nr_inodes=1", "no inode")]
    public async Task A_temporary_directory_that_takes_no_files_is_named_with_its_variable(string mountOption, string cause)
    {
        Surroundings.SkipUnlessMountable();
        using var scratch = new Scratch();

        var ended = await Surroundings.RunMountedAsync($"mount -t tmpfs -o {mountOption} none {scratch.Path}; export TMPDIR={scratch.Path}");

        ExpectRefusal(ended, $"'{scratch.Path}'", $"TMPDIR={scratch.Path}", cause, "Set TMPDIR to the absolute path");
    }

    [Spec]
    public async Task Where_there_is_no_proc_that_is_said()
    {
        Surroundings.SkipUnlessMountable();

        var ended = await Surroundings.RunMountedAsync("true", nameof(SpecHost.Scenarios.OneCallWithoutProc));

        ExpectRefusal(ended, "There is no /proc", "mount -t proc proc /proc");
    }

    [Spec]
    public async Task The_proc_of_another_namespace_is_told_from_the_own()
    {
        Surroundings.SkipUnlessMountable();

        var ended = await Started.ToEndAsync("unshare", "--pid", "--fork", "--kill-child", "dotnet", "exec", Surroundings.HostFile, nameof(SpecHost.Scenarios.OneCall));

        ExpectRefusal(ended, "/proc belongs to another PID namespace", "mount -t proc proc /proc");
    }

    [SpecTheory]
    [InlineData(48)]
    [InlineData(64)]
    [InlineData(80)]
    [InlineData(96)]
    public async Task Too_few_descriptors_are_called_that(int descriptors)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Elsewhere it is not looked at.");

        var ended = await Surroundings.RunAsync($"ulimit -n {descriptors}");

        ExpectRefusal(ended, "too few file descriptors", $"may open {descriptors} (RLIMIT_NOFILE)", "Raise the limit: ulimit -n");
    }

    [Spec]
    public async Task With_descriptors_that_suffice_a_pool_works()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Elsewhere it is not looked at.");

        var ended = await Surroundings.RunAsync("ulimit -n 160");

        Assert.Equal(("", 0), (ended.Error, ended.ExitCode));
    }

    private static void ExpectRefusal(Ended ended, params string[] texts)
    {
        Assert.All(texts, text => Assert.Contains(text, ended.Error, StringComparison.Ordinal));
        Assert.DoesNotContain("   at ", ended.Error, StringComparison.Ordinal);
        Assert.Equal(NotStarted, ended.ExitCode);
    }
}
