using System.Globalization;
using System.Reflection;

namespace MultiProc.Attacks.Memory;

/// <summary>Items of shared queues that workers wrote count against <c>MaxResultBytes</c>, whatever the workers do.</summary>
public sealed class QueueSpecs : PoolSpec
{
    private const int Limit = 100_000;
    private const int TooMuch = 50_000_000;

    private static readonly ProcessPoolOptions Limited = new() { Processes = 1, MaxResultBytes = Limit };

    [Spec]
    public async Task A_worker_cannot_enqueue_an_item_that_is_larger_than_a_result_may_be()
    {
        using var queue = new SharedQueue<byte[]>();
        await using var pool = await ProcessPool.StartAsync(Limited);

        var refused = await pool.ApplyAsync(static (SharedQueue<byte[]> queue) => Refused(queue), queue);

        Assert.Contains("more than 100,000 bytes", refused, StringComparison.Ordinal);
        Assert.Contains("MaxResultBytes", refused, StringComparison.Ordinal);
        Assert.Equal(0, queue.Count);
    }

    [Spec]
    public async Task The_host_may_enqueue_larger_items_for_workers()
    {
        using var queue = new SharedQueue<byte[]>();
        await using var pool = await ProcessPool.StartAsync(Limited);
        var length = pool.ApplyAsync(static (SharedQueue<byte[]> queue) => queue.Dequeue().Length, queue);

        await queue.EnqueueAsync(new byte[3 * Limit]);

        Assert.Equal(3 * Limit, await length);
    }

    [Spec]
    public async Task An_item_that_a_worker_enqueues_all_the_same_is_refused_and_lost_and_the_next_one_arrives()
    {
        using var queue = new SharedQueue<byte[]>();
        await using var pool = await ProcessPool.StartAsync(Limited);
        await using var memory = new HostMemory();
        await pool.ApplyAsync(static (SharedQueue<byte[]> queue) => EnqueueTooMuch(queue), queue);

        var error = await Assert.ThrowsAsync<NotSerializableException>(() => queue.DequeueAsync().AsTask());

        Assert.Contains("50,000,", error.Message, StringComparison.Ordinal);
        Assert.Contains("MaxResultBytes", error.Message, StringComparison.Ordinal);
        Assert.Equal([1, 2], await queue.DequeueAsync());
        Assert.InRange(memory.Growth, long.MinValue, TooMuch);
    }

    [Spec]
    public async Task A_queue_that_a_worker_made_or_that_is_an_item_of_another_has_the_same_limit()
    {
        await using var pool = await ProcessPool.StartAsync(Limited);
        using var returned = await pool.RunAsync(static () => Make());
        using var outer = new SharedQueue<SharedQueue<byte[]>>();
        using var inner = new SharedQueue<byte[]>();
        var attack = pool.ApplyAsync(
            static (SharedQueue<SharedQueue<byte[]>> outer) => EnqueueTooMuch(outer.Dequeue()), outer);
        await outer.EnqueueAsync(inner);
        await attack;

        await Assert.ThrowsAsync<NotSerializableException>(() => returned.DequeueAsync().AsTask());
        await Assert.ThrowsAsync<NotSerializableException>(() => inner.DequeueAsync().AsTask());
    }

    [Spec]
    public async Task A_worker_that_claims_items_in_memory_that_nobody_wrote_costs_the_host_an_exception()
    {
        using var queue = new SharedQueue<byte[]>();
        await using var pool = await ProcessPool.StartAsync(1);
        await using var memory = new HostMemory();
        await pool.ApplyAsync(static (SharedQueue<byte[]> queue) => ClaimMuch(queue), queue);

        foreach (var use in new Func<Task>[] { () => queue.DequeueAsync().AsTask(), () => queue.EnqueueAsync([1]).AsTask() })
        {
            var error = await Assert.ThrowsAsync<ProcessPoolException>(use);
            Assert.Contains("damaged", error.Message, StringComparison.Ordinal);
        }

        Assert.InRange(memory.Growth, long.MinValue, HostMemory.Goal);
        Assert.Equal(1, await pool.RunAsync(static () => 1));
    }

    private static string Refused(SharedQueue<byte[]> queue)
    {
        try
        {
            queue.Enqueue(new byte[2 * Limit]);
            return "";
        }
        catch (NotSerializableException exception)
        {
            return exception.Message;
        }
    }

    private static SharedQueue<byte[]> Make()
    {
        var queue = new SharedQueue<byte[]>();
        EnqueueTooMuch(queue);
        return queue;
    }

    private static int EnqueueTooMuch(SharedQueue<byte[]> queue)
    {
        var items = FieldOf(queue, "_queue");
        Field(items, "_maxWritten").SetValue(items, long.MaxValue);
        queue.Enqueue(new byte[TooMuch]);
        Field(items, "_maxWritten").SetValue(items, long.MaxValue);
        queue.Enqueue([1, 2]);
        return queue.Count;
    }

    private static int ClaimMuch(SharedQueue<byte[]> queue)
    {
        const long Size = 1L << 32;
        var items = FieldOf(queue, "_queue");
        var parts = ((string)items.GetType().GetProperty("Handle")!.GetValue(items)!).Split('|')[1].Split('/');
        using (var file = File.OpenHandle(
            string.Create(CultureInfo.InvariantCulture, $"/proc/{parts[0]}/fd/{parts[1]}"), FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite))
        {
            RandomAccess.SetLength(file, Size);
            RandomAccess.Write(file, BitConverter.GetBytes((1L << 31) - 100), Size / 2);
        }

        var cell = FieldOf(items, "_state");
        var state = cell.GetType().GetMethod("Read")!.Invoke(cell, null)!;
        foreach (var (name, value) in new (string, object)[] { ("Size", Size), ("Head", Size / 2), ("Used", Size), ("Count", 2) })
        {
            state.GetType().GetProperty(name)!.SetValue(state, value);
        }

        cell.GetType().GetMethod("Write")!.Invoke(cell, [state]);
        return 0;
    }

    private static object FieldOf(object owner, string name) => Field(owner, name).GetValue(owner)!;

    private static FieldInfo Field(object owner, string name) => owner.GetType().GetField(name, BindingFlags.Instance | BindingFlags.NonPublic)!;
}
