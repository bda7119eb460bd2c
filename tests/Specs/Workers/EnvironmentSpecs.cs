using System.Globalization;

namespace MultiProc.Specs.Workers;

public sealed class EnvironmentSpecs : PoolSpec
{
    private static int _static;

    [Spec]
    public async Task Variables_are_added_changed_and_removed()
    {
        Environment.SetEnvironmentVariable("SPEC_INHERITED", "from the host");
        Environment.SetEnvironmentVariable("SPEC_REMOVED", "from the host");
        await using var pool = await ProcessPool.StartAsync(new ProcessPoolOptions
        {
            Processes = 1,
            EnvironmentVariables = new Dictionary<string, string?> { ["SPEC_ADDED"] = "ä = ö", ["SPEC_REMOVED"] = null },
        });

        var variables = await pool.RunAsync(static () =>
            (Environment.GetEnvironmentVariable("SPEC_ADDED"), Environment.GetEnvironmentVariable("SPEC_INHERITED"), Environment.GetEnvironmentVariable("SPEC_REMOVED")));

        Assert.Equal(("ä = ö", "from the host", null), variables);
    }

    [Spec]
    public async Task Workers_begin_in_the_given_directory()
    {
        using var scratch = new Scratch();
        await using var pool = await ProcessPool.StartAsync(new ProcessPoolOptions { Processes = 1, WorkingDirectory = scratch.Path });

        Assert.Equal(scratch.Path, await pool.RunAsync(static () => Environment.CurrentDirectory));
    }

    [Spec]
    public async Task What_a_function_changes_in_its_process_reaches_nobody_else()
    {
        var (directory, culture) = (Environment.CurrentDirectory, CultureInfo.CurrentCulture);
        await using var pool = await ProcessPool.StartAsync(2);

        var changed = await pool.RunAsync(static () =>
        {
            Environment.CurrentDirectory = "/";
            Environment.SetEnvironmentVariable("SPEC_LOCAL", "changed");
            CultureInfo.DefaultThreadCurrentCulture = CultureInfo.CurrentCulture = CultureInfo.GetCultureInfo("tr-TR");
            Console.SetOut(TextWriter.Null);
            _static = 7;
            return Environment.ProcessId;
        });

        var states = await pool.BroadcastAsync(static () =>
            (Environment.ProcessId, State: (Environment.CurrentDirectory, Environment.GetEnvironmentVariable("SPEC_LOCAL"), _static)));
        Assert.Equal(("/", "changed", 7), Assert.Single(states, state => state.ProcessId == changed).State);
        Assert.Equal((directory, null, 0), Assert.Single(states, state => state.ProcessId != changed).State);
        Assert.Equal((directory, culture, null, 0), (Environment.CurrentDirectory, CultureInfo.CurrentCulture, Environment.GetEnvironmentVariable("SPEC_LOCAL"), _static));
    }

    [Spec]
    public async Task Static_state_lives_as_long_as_its_worker()
    {
        await using var pool = await ProcessPool.StartAsync(1);

        for (var i = 1; i <= 3; i++)
        {
            Assert.Equal(i, await pool.RunAsync(static () => ++_static));
        }

        Posix.Signal(pool.Workers[0].ProcessId, Posix.Kill);
        Assert.Equal(1, await pool.RunAsync(static () => ++_static));
    }
}
