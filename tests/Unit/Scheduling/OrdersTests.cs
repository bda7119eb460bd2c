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

        first.Give(static () => { });
        second.Give(static () => { });
        first.Give(static () => { });

        Assert.Equal([first, second], _waiting);
    }

    [Fact]
    public void What_is_given_while_somebody_is_at_it_is_left_to_that_one()
    {
        var orders = new Orders(_waiting);
        orders.Give(static () => { });
        _waiting.Clear();

        Assert.NotNull(orders.TryNext());
        orders.Give(static () => { });

        Assert.Empty(_waiting);
        Assert.NotNull(orders.TryNext());
        Assert.Null(orders.TryNext());
        orders.Give(static () => { });
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
                    Give(() =>
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

        void Give(Action order)
        {
            Orders[] mine;
            lock (_gate)
            {
                orders.Give(order);
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

    private Action? Next(Orders orders)
    {
        lock (_gate)
        {
            return orders.TryNext();
        }
    }
}
