
namespace MultiProc.Unit.Sharing;

public sealed class SharedArrayTests
{
    [Fact]
    public void A_new_array_is_zero_and_keeps_what_is_written()
    {
        using var array = new SharedArray<int>(100);

        Assert.Equal(new int[100], array.Span.ToArray());
        array.Span[3] = 7;
        array[4] = 8;
        Interlocked.Increment(ref array[4]);

        Assert.Equal(100, array.Length);
        Assert.Equal([0, 0, 0, 7, 9], array.Span[..5].ToArray());
    }

    [Fact]
    public void An_array_may_be_empty_but_not_shorter()
    {
        using var array = new SharedArray<double>(0);

        Assert.True(array.Span.IsEmpty);
        Assert.Throws<IndexOutOfRangeException>(() => array[0]);
        Assert.Throws<ArgumentOutOfRangeException>(() => new SharedArray<int>(-1));
    }

    [Fact]
    public void An_array_may_be_larger_than_two_gigabytes_and_costs_what_is_touched()
    {
        using var array = new SharedArray<long>(500_000_000);

        array[array.Length - 1] = 5;
        array[0] = 6;

        Assert.Equal(5, array.Span[499_999_999]);
        Assert.Equal(6, array.Span[0]);
        Assert.Equal(0, array.Span[250_000_000]);
    }

    [Fact]
    public void One_handle_is_one_object()
    {
        using var array = new SharedArray<int>(1);

        Assert.Same(array, Attached.Again(array));
    }

    [Fact]
    public void Another_element_type_is_refused()
    {
        using var array = new SharedArray<int>(1);
        var handle = Attached.HandleOf(array);

        Assert.Throws<InvalidOperationException>(() => Attached.By<SharedArray<long>>(handle));
    }

    [Fact]
    public void Every_member_of_a_disposed_array_throws()
    {
        var array = new SharedArray<int>(1);
        array.Dispose();
        array.Dispose();

        Assert.Throws<ObjectDisposedException>(() => array.Span.Length);
        Assert.Throws<ObjectDisposedException>(() => array[0]);
        Assert.Throws<ObjectDisposedException>(() => array.Lock);
    }
}
