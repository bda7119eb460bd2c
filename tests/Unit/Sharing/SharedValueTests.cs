namespace MultiProc.Unit.Sharing;

public sealed class SharedValueTests
{
    private enum Color
    {
        Red = 1,
    }

    [Fact]
    public void A_value_of_any_size_is_what_was_written()
    {
        Check(true, false);
        Check((byte)1, (byte)2);
        Check('a', 'z');
        Check(1.5f, -2.5f);
        Check(1.5, double.NaN);
        Check(Color.Red, default);
        Check((1, (byte)2), (3, (byte)4));
        Check(1.5m, decimal.MaxValue);
        Check(Guid.NewGuid(), Guid.Empty);
        Check((1L, 2L, 3L, 4L, 5L), (6L, 7L, 8L, 9L, 10L));

        static void Check<T>(T first, T second)
            where T : unmanaged
        {
            using var value = new SharedValue<T>(first);
            Assert.Equal(first, value.Value);
            value.Value = second;
            Assert.Equal(second, value.Value);
            Assert.Equal(default, new SharedValue<T>().Value);
        }
    }

    [Fact]
    public void Every_integer_type_adds_and_wraps_around()
    {
        Check<sbyte>(-100, 3, -97, -120, 39);
        Check<byte>(250, 3, 253, 200, 197);
        Check<short>(-30_000, 1, -29_999, -10_000, 25_537);
        Check<ushort>(65_000, 35, 65_035, 1_000, 499);
        Check(int.MaxValue - 1, 1, int.MaxValue, 1, int.MinValue);
        Check(uint.MaxValue - 1, 1u, uint.MaxValue, 1u, 0u);
        Check(-5L, 3L, -2L, 4L, 2L);
        Check(ulong.MaxValue, 2ul, 1ul, 1ul, 2ul);
        Check<nint>(-1, 1, 0, 7, 7);
        Check<nuint>(1, 1, 2, 7, 9);

        static void Check<T>(T initial, T first, T afterFirst, T second, T afterSecond)
            where T : unmanaged
        {
            using var value = new SharedValue<T>(initial);
            Assert.Equal(afterFirst, value.Add(first));
            Assert.Equal(afterSecond, value.Add(second));
            Assert.Equal(afterSecond, value.Value);
        }
    }

    [Fact]
    public void A_type_that_cannot_be_added_says_so_and_names_the_lock()
    {
        using var value = new SharedValue<double>();

        var error = Assert.Throws<NotSupportedException>(() => value.Add(1));

        Assert.Contains("Double", error.Message, StringComparison.Ordinal);
        Assert.Contains("Lock", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Additions_by_many_threads_add_up()
    {
        using var value = new SharedValue<short>();

        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() =>
        {
            for (var i = 0; i < 5_000; i++)
            {
                value.Add(1);
            }
        })));

        Assert.Equal(20_000, value.Value);
    }

    [Fact]
    public async Task Large_values_are_never_torn_within_a_process_either()
    {
        using var value = new SharedValue<(long, long, long)>();
        using var stop = new CancellationTokenSource();
        var writers = Enumerable.Range(1, 2).Select(seed => Task.Run(() =>
        {
            for (long i = seed; !stop.IsCancellationRequested; i += 2)
            {
                value.Value = (i, i, i);
            }
        })).ToArray();

        for (var i = 0; i < 20_000; i++)
        {
            var (a, b, c) = value.Value;
            Assert.True(a == b && b == c);
        }

        await stop.CancelAsync();
        await Task.WhenAll(writers);
    }

    [Fact]
    public void Its_lock_does_not_hinder_reading_and_writing()
    {
        using var value = new SharedValue<decimal>();
        using var holder = value.Lock.Acquire();

        value.Value += 1;

        Assert.Equal(1, value.Value);
        Assert.Null(value.Lock.TryAcquire());
    }

    [Fact]
    public void Every_member_of_a_disposed_value_throws()
    {
        var value = new SharedValue<int>(5);
        var kept = value.Lock;
        value.Dispose();

        Assert.Throws<ObjectDisposedException>(() => value.Value);
        Assert.Throws<ObjectDisposedException>(() => value.Value = 1);
        Assert.Throws<ObjectDisposedException>(() => value.Add(1));
        Assert.Throws<ObjectDisposedException>(() => value.Lock);
        Assert.Throws<ObjectDisposedException>(() => kept.Acquire());
    }
}
