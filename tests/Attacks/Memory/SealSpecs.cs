using System.Globalization;
using System.Reflection;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace MultiProc.Attacks.Memory;

/// <summary>Functions that change the length of shared memory under its users, which would end them with SIGBUS: status pages, areas and shared objects.</summary>
public sealed partial class SealSpecs : PoolSpec
{
    private const int AddSeals = 1033;

    [Spec]
    public async Task No_memory_that_a_worker_can_reach_can_be_made_shorter_or_sealed_and_the_host_goes_on()
    {
        using var queue = new SharedQueue<byte[]>();
        using var array = new SharedArray<int>(100_000);
        using var semaphore = new SharedSemaphore(3);
        await queue.EnqueueAsync(new byte[100_000]);
        await using var pool = await ProcessPool.StartAsync(2);
        var large = new byte[1 << 20];
        large[^1] = 5;
        Assert.Equal(5, await pool.ApplyAsync(static (byte[] bytes) => bytes[^1], large));

        var (tried, shortened, sealing) = await pool.ApplyAsync(
            static (int host, SharedQueue<byte[]> queue, SharedArray<int> array, SharedSemaphore semaphore) => Shorten(host, queue, array, semaphore),
            Environment.ProcessId, queue, array, semaphore);

        // At least: two status pages, three areas, four of the shared objects; those that both processes have open count twice.
        Assert.InRange(tried, 9, int.MaxValue);
        Assert.Equal((0, 0), (shortened, sealing));
        Assert.Equal(2, pool.Workers.Count);
        array.Span.Fill(1);
        Assert.Equal(100_000, (await queue.DequeueAsync()).Length);
        Assert.Equal(3, semaphore.CurrentCount);
        Assert.Equal(5, await pool.ApplyAsync(static (byte[] bytes) => bytes[^1], large));
        Assert.Equal(large, await pool.ApplyAsync(static (byte[] bytes) => bytes, large));
        Assert.Equal(0, pool.Statistics.WorkersRestarted);
    }

    [Spec]
    public async Task A_shared_object_whose_memory_its_creator_could_shorten_is_refused_by_the_host()
    {
        await using var pool = await ProcessPool.StartAsync(1);

        // What a worker makes of one that it was given, by taking another descriptor under the same name.
        var error = await Assert.ThrowsAnyAsync<ProcessPoolException>(() => pool.RunAsync(static () => MakeLoose()));

        Assert.Contains("not sealed", error.ToString(), StringComparison.Ordinal);
        Assert.Equal(1, await pool.RunAsync(static () => 1));
    }

    [Spec]
    public async Task Room_that_a_worker_takes_from_under_its_results_reads_as_zeros_and_nothing_else()
    {
        await using var pool = await ProcessPool.StartAsync(2);

        // The limit is there for a call that never ends, which is a failure like any other outcome than these.
        for (var round = 0; round < 5; round++)
        {
            var outcome = await Record.ExceptionAsync(() => pool.RunAsync(static () => PunchWhileReturning(), new CallOptions { Timeout = TimeSpan.FromSeconds(10) }));
            Assert.True(outcome is null or ProcessPoolException, outcome?.ToString());
        }

        // What still wipes goes. The call may begin in each of the two while they die.
        foreach (var worker in pool.Workers.Where(static worker => worker.ProcessId != 0))
        {
            Posix.Signal(worker.ProcessId, Posix.Kill);
        }

        Assert.Equal(1, await pool.RunAsync(static () => 1, new CallOptions { MaxAttempts = 3 }));
    }

    private static (int Tried, int Shortened, int Sealed) Shorten(int host, SharedQueue<byte[]> queue, SharedArray<int> array, SharedSemaphore semaphore)
    {
        var (tried, shortened, sealing) = (0, 0, 0);
        foreach (var file in OpenAll("self").Concat(OpenAll(host.ToString(CultureInfo.InvariantCulture))))
        {
            using (file)
            {
                tried++;
                var length = RandomAccess.GetLength(file);
                _ = ftruncate(file, 0);
                _ = ftruncate(file, length - 1);
                shortened += RandomAccess.GetLength(file) < length ? 1 : 0;
                _ = ftruncate(file, length + 4096);

                // Against writing, and writing from now on: the owner could no longer map it.
                sealing += fcntl(file, AddSeals, 8) == 0 || fcntl(file, AddSeals, 16) == 0 ? 1 : 0;
            }
        }

        GC.KeepAlive((queue, array, semaphore));
        return (tried, shortened, sealing);
    }

    private static SharedEvent MakeLoose()
    {
        var shared = new SharedEvent();
        var handle = ((string)typeof(SharedEvent).GetProperty("LiveHandle", BindingFlags.Instance | BindingFlags.NonPublic)!.GetValue(shared)!).Split('/');
        var loose = memfd_create(handle[2], 2);
        using (var former = File.OpenHandle($"/proc/self/fd/{handle[1]}", FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite))
        using (var copy = new SafeFileHandle(loose, ownsHandle: true))
        {
            var bytes = new byte[RandomAccess.GetLength(former)];
            RandomAccess.Read(former, bytes, 0);
            RandomAccess.Write(copy, bytes, 0);
            _ = dup2(loose, int.Parse(handle[1], CultureInfo.InvariantCulture));
        }

        return shared;
    }

    private static byte[] PunchWhileReturning()
    {
        new Thread(static () =>
        {
            var files = OpenAll("self").ToList();
            while (true)
            {
                // Keeps the size.
                files.ForEach(static file => _ = fallocate(file, 3, 0, 1 << 26));
            }
        })
        { IsBackground = true }.Start();
        Thread.Sleep(20);
        var result = new byte[20 << 20];
        result.AsSpan().Fill(3);
        return result;
    }

    private static IEnumerable<SafeFileHandle> OpenAll(string process)
    {
        foreach (var descriptor in Directory.GetFiles($"/proc/{process}/fd"))
        {
            if (File.ResolveLinkTarget(descriptor, returnFinalTarget: false)?.Name.StartsWith("memfd:multiproc-", StringComparison.Ordinal) == true)
            {
                yield return File.OpenHandle(descriptor, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite);
            }
        }
    }

    [LibraryImport("libc")]
    private static partial int ftruncate(SafeFileHandle file, long length);

    [LibraryImport("libc")]
    private static partial int fallocate(SafeFileHandle file, int mode, long offset, long length);

    [LibraryImport("libc")]
    private static partial int fcntl(SafeFileHandle file, int command, int argument);

    [LibraryImport("libc")]
    private static partial int dup2(int descriptor, int other);

    [LibraryImport("libc", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int memfd_create(string name, uint flags);
}
