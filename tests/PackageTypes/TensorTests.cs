using System.Numerics.Tensors;
using MultiProc.Boundary;

namespace MultiProc.PackageTypes;

/// <summary>Tensors cross as their lengths and elements, dense, whatever memory they were made of.</summary>
public sealed class TensorTests
{
    [Fact]
    public void A_tensor_keeps_lengths_and_elements()
    {
        var copy = InMemory.Copy(Tensor.Create<float>([1f, 2f, 3f, 4f, 5f, 6f], [2, 3]));
        Assert.Equal([2, 3], copy.Lengths.ToArray());
        Assert.Equal([1f, 2f, 3f, 4f, 5f, 6f], copy.ToArray());
        Assert.Equal(6f, copy[1, 2]);
    }

    [Fact]
    public void A_copy_has_memory_of_its_own()
    {
        double[] memory = [1, 2, 3];
        var copy = InMemory.Copy(Tensor.Create(memory, [3]));
        memory[0] = 5;
        copy[1] = 7;
        Assert.Equal([1.0, 7.0, 3.0], copy.ToArray());
        Assert.Equal(2.0, memory[1]);
    }

    [Fact]
    public void Slices_and_strides_arrive_dense()
    {
        // The elements 1 2 / 4 5 of three columns; and one row for all of four.
        var slice = Tensor.Create([1, 2, 3, 4, 5, 6], [2, 3]).Slice(Range.All, ..2);
        var copy = InMemory.Copy(slice);
        Assert.False(slice.IsDense);
        Assert.True(copy.IsDense);
        Assert.Equal([2, 2], copy.Lengths.ToArray());
        Assert.Equal([1, 2, 4, 5], copy.ToArray());
        var row = InMemory.Copy(Tensor.Create([1, 2], [4, 2], [0, 1]));
        Assert.Equal([4, 2], row.Lengths.ToArray());
        Assert.Equal([1, 2, 1, 2, 1, 2, 1, 2], row.ToArray());
    }

    [Fact]
    public void Empty_and_pinned_ones_cross_and_stand_behind_interfaces()
    {
        Assert.Equal(0, InMemory.Copy(Tensor<int>.Empty).Rank);
        var none = InMemory.Copy(Tensor.CreateFromShape<int>([0, 3]));
        Assert.Equal([0, 3], none.Lengths.ToArray());
        var pinned = Tensor.CreateFromShape<long>([2], pinned: true);
        pinned[1] = 5;
        Assert.Equal([0L, 5L], Assert.IsType<Tensor<long>>(InMemory.Copy<IReadOnlyTensor>(pinned)).ToArray());
    }

    [Fact]
    public void Elements_may_be_anything_that_crosses_and_are_one_graph()
    {
        var shared = new List<int> { 1 };
        var copy = InMemory.Copy(Tensor.Create([shared, shared, null!, [2]], [2, 2]));
        Assert.Same(copy[0, 0], copy[0, 1]);
        Assert.Null(copy[1, 0]);
        Assert.Equal([2], copy[1, 1]);
        var same = InMemory.Copy((Tensor.Create(["a", "b"], [2]), 1));
        Assert.Equal(["a", "b"], same.Item1.ToArray());
        using var stream = File.OpenRead(Environment.ProcessPath!);
        var refusal = Assert.Throws<BoundaryException>(() => InMemory.Copy(Tensor.Create<Stream>([null!, stream], [2])));
        Assert.Equal("arg[1]", refusal.Path);
    }

    [Fact]
    public void One_with_more_elements_than_memory_is_refused()
    {
        var refusal = Assert.Throws<BoundaryException>(() => InMemory.Copy(Tensor.Create([1], [1_000_000, 1_000_000], [0, 0])));
        Assert.Contains("1,000,000,000,000 elements", refusal.Message);
    }
}
