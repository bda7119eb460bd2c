using System.Globalization;
using System.Reflection;
using Microsoft.Win32.SafeHandles;
using MultiProc.Sharing;

namespace MultiProc.Unit.Sharing;

/// <summary>Shared objects whose memory somebody else has overwritten: whatever is there, each use of them ends, and this process goes on.</summary>
public sealed class DamagedMemoryTests
{
    private const int HeaderSize = 64;

    private static readonly TimeSpan MaxWait = TimeSpan.FromSeconds(20);

    // What waits for something that does not happen is cancelled.
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(1);

    public DamagedMemoryTests() => Assert.SkipUnless(OperatingSystem.IsLinux(), "Memory is reached by its descriptor here.");

    public static TheoryData<string> Kinds => ["queue", "full queue", "semaphore", "barrier", "event", "lock", "large value", "array"];

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task Memory_of_one_value_ends_in_an_exception_or_a_result(string kind)
    {
        foreach (var value in new byte[] { 0, 1, 127, 128, 255 })
        {
            foreach (var from in new[] { 0, HeaderSize })
            {
                await TryAsync(kind, block => block.AsSpan(from).Fill(value), $"{kind}, {value} from {from}");
            }
        }
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task Random_memory_ends_in_an_exception_or_a_result(string kind)
    {
        for (var seed = 0; seed < 40; seed++)
        {
            var random = new Random(seed);
            await TryAsync(kind, block => random.NextBytes(block.AsSpan(seed % 2 == 0 ? 0 : HeaderSize)), $"{kind}, seed {seed}");
        }
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task A_word_that_is_a_little_off_ends_in_an_exception_or_a_result(string kind)
    {
        // The words of the lock in front are left alone: one that says that it is held is waited for.
        for (var at = HeaderSize + 64; at < HeaderSize + 192; at += 8)
        {
            foreach (var off in new long[] { 1, -1, 8, -8, 1L << 32, long.MinValue })
            {
                await TryAsync(
                    kind,
                    block =>
                    {
                        if (at + 8 <= block.Length)
                        {
                            BitConverter.TryWriteBytes(block.AsSpan(at), BitConverter.ToInt64(block, at) + off);
                        }
                    },
                    $"{kind}, {off} at {at}");
            }
        }
    }

    [Theory]
    [InlineData("queue", "SharedQueue<String>")]
    [InlineData("full queue", "SharedQueue<String>")]
    [InlineData("semaphore", "SharedSemaphore")]
    [InlineData("barrier", "SharedBarrier")]
    public async Task Memory_full_of_zeros_or_ones_is_named_in_the_exception(string kind, string name)
    {
        foreach (var value in new byte[] { 0, 255 })
        {
            var error = await TryAsync(kind, block => block.AsSpan(HeaderSize).Fill(value), $"{kind}, {value}");

            var damaged = Assert.IsType<ProcessPoolException>(error);
            Assert.Contains(name, damaged.Message, StringComparison.Ordinal);
            Assert.Contains("damaged", damaged.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Somebody_who_waits_is_told_when_the_memory_is_overwritten()
    {
        using var queue = new SharedQueue<string>();
        using var semaphore = new SharedSemaphore(0);
        using var barrier = new SharedBarrier(2);
        Task[] waits = [queue.DequeueAsync().AsTask(), semaphore.AcquireAsync().AsTask(), barrier.SignalAndWaitAsync()];
        await Task.Delay(20, TestContext.Current.CancellationToken);

        foreach (var shared in new object[] { queue, semaphore, barrier })
        {
            Overwrite(shared, static block => block.AsSpan(HeaderSize).Fill(255));
        }

        foreach (var wait in waits)
        {
            await Assert.ThrowsAsync<ProcessPoolException>(() => wait.WaitAsync(MaxWait, TestContext.Current.CancellationToken));
        }
    }

    [Fact]
    public void An_item_whose_length_is_a_lie_is_not_read()
    {
        foreach (var length in new[] { -1, 0, 1L << 20, int.MaxValue, long.MaxValue, long.MinValue })
        {
            using var queue = new SharedQueue<string>();
            queue.Enqueue("first");
            queue.Enqueue("second");
            using (var items = Open(HandleOf(queue).Split('|')[1]))
            {
                RandomAccess.Write(items, BitConverter.GetBytes(length), 0);
            }

            Assert.ThrowsAny<ProcessPoolException>(() => queue.Dequeue(TestContext.Current.CancellationToken));
        }
    }

    [Theory]
    [InlineData(1L << 32, 1L << 31)]
    [InlineData(1L << 32, 3L << 30)]
    public void What_is_said_to_be_in_a_queue_and_was_never_written_is_not_read(long size, long used)
    {
        using var queue = new SharedQueue<string>();
        Forge(queue, size, new QueueState { Size = size, Used = used, Count = 1, Head = 0 }, Math.Min(used, Array.MaxLength) - 8);
        var before = Environment.WorkingSet;

        var error = Assert.Throws<ProcessPoolException>(() => queue.Dequeue(TestContext.Current.CancellationToken));

        Assert.Contains("damaged", error.Message, StringComparison.Ordinal);
        Assert.InRange(Environment.WorkingSet - before, long.MinValue, 500_000_000);
    }

    [Fact]
    public void What_was_never_written_is_not_moved_when_a_queue_shrinks_or_grows()
    {
        const long Size = 1L << 36;
        using var shrinking = new SharedQueue<string>();
        Forge(shrinking, Size, new QueueState { Size = Size, Used = Size / 32, Count = 2, Head = Size / 2 }, 8);
        Assert.ThrowsAny<ProcessPoolException>(() => shrinking.Dequeue(TestContext.Current.CancellationToken));

        using var growing = new SharedQueue<string>();
        Forge(growing, Size, new QueueState { Size = Size, Used = Size, Count = 2, Head = Size / 2 }, 8);
        Assert.Contains(
            "damaged", Assert.Throws<ProcessPoolException>(() => growing.Enqueue("text", TestContext.Current.CancellationToken)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1L << 50)]
    [InlineData(1L << 62)]
    public void A_queue_that_claims_more_memory_than_can_be_mapped_is_damaged(long size)
    {
        using var queue = new SharedQueue<string>();
        Forge(queue, size, new QueueState { Size = size, Used = 16, Count = 1, Head = 0 }, 8);

        foreach (var use in new Action[] { () => queue.Dequeue(TestContext.Current.CancellationToken), () => queue.Enqueue("text", TestContext.Current.CancellationToken) })
        {
            Assert.Contains("damaged", Assert.Throws<ProcessPoolException>(use).Message, StringComparison.Ordinal);
        }
    }

    /// <summary>Has a queue be of such a size and in such a state, its first item of such a length.</summary>
    private static void Forge(SharedQueue<string> queue, long size, QueueState state, long length)
    {
        var handles = HandleOf(queue).Split('|');
        using (var items = Open(handles[1]))
        {
            RandomAccess.SetLength(items, size);
            RandomAccess.Write(items, BitConverter.GetBytes(length), state.Head);
        }

        new CrashSafeCell<QueueState>(SharedBlock.Attach(handles[0], 0, SharedKind.Queue), RobustLock.Size + (2 * WaitWord.Size)).Write(state);
    }

    /// <returns>What the first use that failed threw; null: none did.</returns>
    private static async Task<Exception?> TryAsync(string kind, Action<byte[]> change, string what)
    {
        using var timeout = new CancellationTokenSource(LongestWait);
        IDisposable shared;
        Func<CancellationToken, Task>[] uses;
        switch (kind)
        {
            case "queue" or "full queue":
                var queue = new SharedQueue<string>(kind == "queue" ? null : 2);
                queue.Enqueue("first");
                queue.Enqueue("second");
                shared = queue;
                uses = [async token => await queue.DequeueAsync(token), async token => await queue.EnqueueAsync("third", token), _ => Task.FromResult(queue.Count)];
                break;
            case "semaphore":
                var semaphore = new SharedSemaphore(3);
                var held = semaphore.Acquire();
                shared = semaphore;
                uses = [async token => (await semaphore.AcquireAsync(token)).Dispose(), _ => Task.FromResult(semaphore.Release()), token => Task.Run(held.Dispose, token)];
                break;
            case "barrier":
                var barrier = new SharedBarrier(2);
                shared = barrier;
                uses = [token => Task.WhenAll(barrier.SignalAndWaitAsync(token), barrier.SignalAndWaitAsync(token)), _ => Task.FromResult(barrier.Participants)];
                break;
            case "event":
                var flag = new SharedEvent();
                shared = flag;
                uses = [token => Task.Run(flag.Set, token), token => flag.WaitAsync(token), token => Task.Run(flag.Reset, token)];
                break;
            case "lock":
                var shut = new SharedLock();
                shared = shut;
                uses = [async token => (await shut.AcquireAsync(token)).Dispose(), token => Task.Run(() => shut.Acquire(token).Dispose(), token)];
                break;
            case "large value":
                var value = new SharedValue<decimal>(1);
                shared = value;
                uses = [_ => Task.FromResult(value.Value), token => Task.Run(() => value.Value = 2, token), _ => Task.FromResult(value.Value)];
                break;
            default:
                var array = new SharedArray<int>(1_000);
                shared = array;
                uses = [_ => Task.FromResult(array.Span.IndexOf(7)), async token => (await array.Lock.AcquireAsync(token)).Dispose()];
                break;
        }

        using (shared)
        {
            Overwrite(shared, change);
            Exception? first = null;
            foreach (var use in uses)
            {
                try
                {
                    await use(timeout.Token).WaitAsync(MaxWait, TestContext.Current.CancellationToken);
                }
                catch (OperationCanceledException)
                {
                    // What waits for something that has not happened may wait; but not for want of noticing that nothing makes sense: see the other tests.
                }
                catch (Exception exception) when (exception is ProcessPoolException or ObjectDisposedException or SemaphoreFullException or InvalidOperationException)
                {
                    first ??= exception;
                }
                catch (Exception exception)
                {
                    Assert.Fail($"{what}: {exception}");
                }
            }

            return first;
        }
    }

    private static void Overwrite(object shared, Action<byte[]> change)
    {
        using var memory = Open(HandleOf(shared).Split('|')[0].Split('#')[0]);
        var block = new byte[RandomAccess.GetLength(memory)];
        RandomAccess.Read(memory, block, 0);
        change(block);
        RandomAccess.Write(memory, block, 0);
    }

    private static SafeFileHandle Open(string handle)
    {
        var parts = handle.Split('/');
        return File.OpenHandle(
            string.Create(CultureInfo.InvariantCulture, $"/proc/{parts[0]}/fd/{parts[1]}"), FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite);
    }

    private static string HandleOf(object shared) =>
        (string)shared.GetType().GetProperty("LiveHandle", BindingFlags.Instance | BindingFlags.NonPublic)!.GetValue(shared)!;
}
