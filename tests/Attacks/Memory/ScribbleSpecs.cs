using System.Globalization;
using System.Reflection;
using Microsoft.Win32.SafeHandles;

namespace MultiProc.Attacks.Memory;

/// <summary>A function that writes all over the memory of shared objects while the host uses them: each use ends, and the host goes on.</summary>
public sealed class ScribbleSpecs : PoolSpec
{
    private static readonly TimeSpan MaxWait = TimeSpan.FromSeconds(100);

    [SpecTheory]
    [InlineData(0)]
    [InlineData(255)]
    [InlineData(-1)]
    public async Task Shared_objects_that_are_overwritten_while_they_are_used_end_in_exceptions(int fill)
    {
        using var queue = new SharedQueue<int>(100);
        using var semaphore = new SharedSemaphore(2);
        using var barrier = new SharedBarrier(2);
        using var large = new SharedValue<decimal>(1);
        using var shut = new SharedLock();
        using var flag = new SharedEvent();
        await using var pool = await ProcessPool.StartAsync(1);
        await using var memory = new HostMemory();

        var attack = pool.ApplyAsync(
            static (int fill, object[] targets) => Scribble(fill, targets), fill, new object[] { queue, semaphore, barrier, large, shut, flag });
        Task[] uses =
        [
            UseAsync(async () =>
            {
                await queue.EnqueueAsync(1);
                await queue.DequeueAsync();
            }),
            UseAsync(async () => (await semaphore.AcquireAsync()).Dispose()),
            UseAsync(() => Task.WhenAll(barrier.SignalAndWaitAsync(), barrier.SignalAndWaitAsync())),
            UseAsync(() => Task.Run(() => large.Value++)),
            UseAsync(async () =>
            {
                await queue.EnqueueAsync(1);
                await queue.DequeueAsync();
            }),
            UseAsync(async () => (await shut.AcquireAsync()).Dispose()),
            UseAsync(() => Task.Run(() =>
            {
                flag.Set();
                flag.Reset();
            })),
        ];
        await attack.WaitAsync(MaxWait);
        await Task.WhenAll(uses).WaitAsync(MaxWait);

        Assert.Equal(1, await pool.RunAsync(static () => 1));
        Assert.InRange(memory.Growth, long.MinValue, HostMemory.Goal);
    }

    /// <summary>Uses it until it fails in the way that it may, or for a while.</summary>
    private static async Task UseAsync(Func<Task> use)
    {
        var end = DateTime.UtcNow + TimeSpan.FromSeconds(1.5);
        try
        {
            while (DateTime.UtcNow < end)
            {
                await use();
            }
        }
        catch (Exception exception) when (exception is ProcessPoolException or ObjectDisposedException or SemaphoreFullException or InvalidOperationException)
        {
            // Nothing can be said about such an object but that it is damaged, or has ended.
        }
    }

    private static int Scribble(int fill, object[] targets)
    {
        var random = new Random(7);
        var files = targets.Select(Open).ToList();
        var blocks = files.ConvertAll(static file => new byte[RandomAccess.GetLength(file)]);
        for (var round = 0; round < 200; round++)
        {
            for (var i = 0; i < files.Count; i++)
            {
                var (file, block) = (files[i], blocks[i]);
                if (fill >= 0)
                {
                    block.AsSpan().Fill((byte)fill);
                }
                else
                {
                    random.NextBytes(block);
                }

                // Now and then the header, too: what begins behind it is the object's own.
                var from = round < 150 ? 64 : 0;
                RandomAccess.Write(file, block.AsSpan(from), from);
            }

            Thread.Sleep(2);
        }

        files.ForEach(static file => file.Dispose());
        return 0;
    }

    private static SafeFileHandle Open(object shared)
    {
        var handle = (string)shared.GetType().GetProperty("LiveHandle", BindingFlags.Instance | BindingFlags.NonPublic)!.GetValue(shared)!;
        var parts = handle.Split('|')[0].Split('#')[0].Split('/');
        return File.OpenHandle(
            string.Create(CultureInfo.InvariantCulture, $"/proc/{parts[0]}/fd/{parts[1]}"), FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite);
    }
}
