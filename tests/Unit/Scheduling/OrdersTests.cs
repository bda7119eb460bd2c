using System.Collections.Concurrent;
using MultiProc.Scheduling;

namespace MultiProc.Unit.Scheduling;

public sealed class OrdersTests
{
    private readonly Lock _gate = new();
    private readonly List<Orders> _waiting = [];

    [Fact]
    public void Whoever_releases_the_lock_meets_all_receivers_that_have_orders_once()
    {
        var (first, second) = (new Orders(_waiting), new Orders(_waiting));

        first.Enqueue(static () => { });
        second.Enqueue(static () => { });
        first.Enqueue(static () => { });

        Assert.Equal([first, second], _waiting);
    }

    [Fact]
    public void What_is_given_while_somebody_is_at_it_is_left_to_that_one()
    {
        var orders = new Orders(_waiting);
        orders.Enqueue(static () => { });
        _waiting.Clear();

        Assert.NotNull(orders.TryNext());
        orders.Enqueue(static () => { });

        Assert.Empty(_waiting);
        Assert.NotNull(orders.TryNext());
        Assert.Null(orders.TryNext());
        orders.Enqueue(static () => { });
        Assert.Equal([orders], _waiting);
    }

    [Fact]
    public async Task Given_and_carried_out_by_many_threads_none_is_lost_none_overtakes_and_no_two_run_at_a_time()
    {
        const int Threads = 4;
        const int Each = 20_000;
        var orders = new Orders(_waiting);
        var done = new ConcurrentQueue<(int Thread, int Number)>();
        var (inside, most) = (0, 0);

        await Task.WhenAll(Enumerable.Range(0, Threads).Select(thread => Task.Factory.StartNew(
            () =>
            {
                for (var i = 0; i < Each; i++)
                {
                    var number = i;
                    Enqueue(() =>
                    {
                        most = Math.Max(most, Interlocked.Increment(ref inside));
                        done.Enqueue((thread, number));
                        Interlocked.Decrement(ref inside);
                    });
                }
            },
            TestContext.Current.CancellationToken, TaskCreationOptions.LongRunning, TaskScheduler.Default)));

        Assert.Equal(1, most);
        Assert.All(done.GroupBy(static order => order.Thread), static thread => Assert.Equal(Enumerable.Range(0, Each), thread.Select(static order => order.Number)));
        Assert.Equal(Threads * Each, done.Count);

        void Enqueue(Action order)
        {
            Orders[] mine;
            lock (_gate)
            {
                orders.Enqueue(order);
                mine = [.. _waiting];
                _waiting.Clear();
            }

            foreach (var one in mine)
            {
                while (Next(one) is { } next)
                {
                    next();
                }
            }
        }
    }

    [Theory]
    [InlineData(2, 3)]
    [InlineData(3, 2)]
    public void In_whatever_order_threads_take_their_steps_none_is_lost_none_overtakes_and_no_two_run_at_a_time(int threads, int each)
    {
        // Each schedule is the choice, at every step, among the threads that are not done; all are tried, one after another.
        var choices = new List<(int Taken, int Of)>();
        var schedules = 0;
        do
        {
            Play(threads, each, choices);
            schedules++;
            while (choices is [.., var (taken, of)] && taken + 1 == of)
            {
                choices.RemoveAt(choices.Count - 1);
            }

            if (choices.Count > 0)
            {
                choices[^1] = (choices[^1].Taken + 1, choices[^1].Of);
            }
        }
        while (choices.Count > 0);

        Assert.InRange(schedules, 1_000, int.MaxValue);
    }

    // A step is what happens under the lock, or an order between two of them.
    private static void Play(int threads, int each, List<(int Taken, int Of)> choices)
    {
        List<Orders> waiting = [];
        var orders = new Orders(waiting);
        var done = new List<(int Thread, int Number)>();
        var running = 0;
        var steps = Enumerable.Range(0, threads).Select(thread => Program(thread).GetEnumerator()).ToList();
        for (var step = 0; steps.Count > 0; step++)
        {
            if (step == choices.Count)
            {
                choices.Add((0, steps.Count));
            }

            var chosen = choices[step].Taken;
            if (!steps[chosen].MoveNext())
            {
                steps.RemoveAt(chosen);
            }
        }

        Assert.Equal(threads * each, done.Count);
        Assert.All(done.GroupBy(static order => order.Thread), thread => Assert.Equal(Enumerable.Range(0, each), thread.Select(static order => order.Number)));
        Assert.Empty(waiting);

        IEnumerable<int> Program(int thread)
        {
            for (var i = 0; i < each; i++)
            {
                var number = i;
                orders.Enqueue(() => done.Add((thread, number)));
                var isMine = waiting.Remove(orders);
                yield return 0;
                while (isMine && orders.TryNext() is { } order)
                {
                    Assert.Equal(1, ++running);
                    order();
                    yield return 0;
                    running--;
                }
            }
        }
    }

    private Action? Next(Orders orders)
    {
        lock (_gate)
        {
            return orders.TryNext();
        }
    }
}
