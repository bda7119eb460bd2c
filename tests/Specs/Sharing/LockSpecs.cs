using MultiProc.SharedStateChild;

namespace MultiProc.Specs.Sharing;

public sealed class LockSpecs
{
    private const int Limit = 60_000;

    [Fact(Timeout = Limit)]
    public async Task A_lock_excludes_other_processes_until_it_is_released()
    {
        using var shared = new SharedLock();
        using var child = ChildProcess.Start("hold-lock", SharedHandle.Of(shared));
        await child.ExpectAsync("held");

        Assert.Null(shared.TryAcquire(TimeSpan.FromMilliseconds(100)));
        var acquiring = shared.AcquireAsync();
        Assert.False(acquiring.IsCompleted);
        child.Continue();

        using var holder = await acquiring;
        Assert.False(holder.WasAbandoned);
    }

    [Fact(Timeout = Limit)]
    public async Task Nonatomic_increments_by_four_processes_under_a_lock_add_up()
    {
        using var shared = new SharedLock();
        using var counter = new SharedValue<long>();
        var children = ChildProcess.Start(4, "increment", SharedHandle.Of(shared), SharedHandle.Of(counter), 5_000);
        try
        {
            await Task.WhenAll(children.Select(child => child.ExpectAsync("ready")));
            Array.ForEach(children, child => child.Continue());
            await Task.WhenAll(children.Select(child => child.ExpectAsync("done")));
        }
        finally
        {
            Array.ForEach(children, child => child.Dispose());
        }

        Assert.Equal(20_000, counter.Value);
    }

    [Fact(Timeout = Limit)]
    public async Task A_lock_passes_on_when_its_holder_is_killed_and_the_next_is_told()
    {
        using var shared = new SharedLock();
        using var victim = ChildProcess.Start("hold-lock", SharedHandle.Of(shared));
        await victim.ExpectAsync("held");
        var waiting = shared.AcquireAsync();

        victim.Kill();

        using (var next = await waiting.AsTask().WaitAsync(TimeSpan.FromSeconds(5)))
        {
            Assert.True(next.WasAbandoned);
        }

        using var later = shared.Acquire();
        Assert.False(later.WasAbandoned);
    }

    [Fact(Timeout = Limit)]
    public async Task A_waiter_in_another_process_is_told_too_and_only_one_of_them()
    {
        using var shared = new SharedLock();
        using var victim = ChildProcess.Start("hold-lock", SharedHandle.Of(shared));
        await victim.ExpectAsync("held");
        using var first = ChildProcess.Start("wait-lock", SharedHandle.Of(shared));
        using var second = ChildProcess.Start("wait-lock", SharedHandle.Of(shared));
        await first.ExpectAsync("waiting");
        await second.ExpectAsync("waiting");

        victim.Kill();

        string?[] ends = [await first.ReadAsync(), await second.ReadAsync()];
        Assert.Equal(["abandoned", "acquired"], ends.Order(StringComparer.Ordinal));
    }

    [Fact(Timeout = Limit)]
    public async Task A_lock_passes_on_when_its_holder_just_exits()
    {
        using var shared = new SharedLock();
        using var child = ChildProcess.Start("hold-lock-without-end", SharedHandle.Of(shared));
        child.WaitForExit();

        using var next = await shared.AcquireAsync();

        Assert.True(next.WasAbandoned);
    }

    [Fact(Timeout = Limit)]
    public async Task A_lock_of_a_dead_holder_is_had_without_waiting()
    {
        using var shared = new SharedLock();
        using var child = ChildProcess.Start("hold-lock", SharedHandle.Of(shared));
        await child.ExpectAsync("held");
        child.Kill();

        using var next = shared.TryAcquire();

        Assert.True(next?.WasAbandoned);
    }

    [Fact(Timeout = Limit)]
    public async Task Killing_one_holder_after_another_breaks_neither_exclusion_nor_progress()
    {
        using var shared = new SharedLock();
        using var pairs = new SharedArray<long>(2);
        var children = ChildProcess.Start(4, "count-pairs", SharedHandle.Of(shared), SharedHandle.Of(pairs));
        try
        {
            await Task.WhenAll(children.Select(child => child.ExpectAsync("ready")));
            foreach (var child in children)
            {
                var before = Volatile.Read(ref pairs[0]);
                while (Volatile.Read(ref pairs[0]) < before + 500)
                {
                    await Task.Delay(1);
                }

                child.Kill();
            }

            foreach (var child in children)
            {
                Assert.Empty(await child.ReadToEndAsync());
            }
        }
        finally
        {
            Array.ForEach(children, child => child.Dispose());
        }

        using var holder = shared.TryAcquire(TimeSpan.FromSeconds(1));
        Assert.NotNull(holder);
    }

    [Fact(Timeout = Limit)]
    public async Task Waiting_ends_with_an_error_when_the_creator_disposes()
    {
        using var shared = new SharedLock();
        using var hold = shared.Acquire();
        using var child = ChildProcess.Start("wait-lock", SharedHandle.Of(shared));
        await child.ExpectAsync("waiting");

        shared.Dispose();

        await child.ExpectAsync("creator disposed");
    }

    [Fact(Timeout = Limit)]
    public async Task Waiting_ends_with_an_error_when_the_creator_is_killed()
    {
        using var creator = ChildProcess.Start("create-lock");
        var handle = (await creator.ReadAsync())!;
        using var holder = ChildProcess.Start("hold-lock", handle);
        await holder.ExpectAsync("held");
        using var waiter = ChildProcess.Start("wait-lock", handle);
        await waiter.ExpectAsync("waiting");

        creator.Kill();

        await waiter.ExpectAsync("creator exited");
    }

    [Fact(Timeout = Limit)]
    public async Task Attaching_after_the_creator_was_killed_says_so()
    {
        using var creator = ChildProcess.Start("create-lock");
        var handle = (await creator.ReadAsync())!;
        creator.Kill();
        using var child = ChildProcess.Start("attach-lock", handle);

        Assert.Contains("has exited", await child.ReadAsync(), StringComparison.Ordinal);
        if (OperatingSystem.IsLinux())
        {
            Assert.Empty(Directory.EnumerateFileSystemEntries("/dev/shm", "*multiproc-*"));
            Assert.Empty(Directory.EnumerateFiles(Path.GetTempPath(), handle.Split('/', '#')[2] + "*"));
        }
    }
}
