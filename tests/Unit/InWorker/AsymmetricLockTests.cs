using MultiProc.Worker.Calls;

namespace MultiProc.Unit.InWorker;

public sealed class AsymmetricLockTests
{
    [Fact]
    public void One_thread_is_inside_at_a_time_whichever_it_is()
    {
        const int Main = 2_000_000;
        const int Others = 3;
        const int Each = 20_000;
        long entered = 0;
        var isAnyIn = false;
        var together = 0;
        OnThread(() =>
        {
            var gate = new AsymmetricLock();
            void Enter()
            {
                using (gate.Enter())
                {
                    together += isAnyIn ? 1 : 0;
                    isAnyIn = true;
                    entered++;
                    isAnyIn = false;
                }
            }

            var others = Enumerable.Range(0, Others).Select(_ => new Thread(() => Repeat(Each, Enter))).ToArray();
            Array.ForEach(others, static thread => thread.Start());
            Repeat(Main, Enter);
            Array.ForEach(others, static thread => thread.Join());
        });

        Assert.Equal((Main + (Others * Each), 0), (entered, together));
    }

    [Fact]
    public void Another_waits_while_the_main_thread_is_inside_and_goes_in_when_it_has_left()
    {
        var (isOtherThere, order) = (new ManualResetEventSlim(), new List<string>());
        OnThread(() =>
        {
            var gate = new AsymmetricLock();
            Thread other;
            using (gate.Enter())
            {
                other = new Thread(() =>
                {
                    isOtherThere.Set();
                    using (gate.Enter())
                    {
                        order.Add("other");
                    }
                });
                other.Start();
                isOtherThere.Wait();
                Thread.Sleep(50);
                order.Add("main");
            }

            other.Join();
        });

        Assert.Equal(["main", "other"], order);
    }

    [Fact]
    public void The_main_thread_waits_while_another_is_inside()
    {
        var (isOtherIn, order) = (new ManualResetEventSlim(), new List<string>());
        OnThread(() =>
        {
            var gate = new AsymmetricLock();
            var other = new Thread(() =>
            {
                using (gate.Enter())
                {
                    isOtherIn.Set();
                    Thread.Sleep(50);
                    order.Add("other");
                }
            });
            other.Start();
            isOtherIn.Wait();
            using (gate.Enter())
            {
                order.Add("main");
            }

            other.Join();
        });

        Assert.Equal(["other", "main"], order);
    }

    private static void Repeat(int count, Action action)
    {
        for (var i = 0; i < count; i++)
        {
            action();
        }
    }

    // The lock belongs to the thread that makes it; a test's own may change.
    private static void OnThread(Action action)
    {
        var thread = new Thread(() => action());
        thread.Start();
        thread.Join();
    }
}
