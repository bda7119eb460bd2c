using System.Buffers.Binary;
using MultiProc.Boundary;
using MultiProc.Scheduling;

namespace MultiProc.Unit.Scheduling;

public sealed class ArgumentSlicesTests
{
    [Fact]
    public void Neighbours_are_items_as_they_stand()
    {
        var slices = Enumerable.Range(0, 3000).Select(static i => ArgumentSlices.Copy(Bytes(i))).ToArray();
        var block = slices[0];
        var (from, joined) = (0, 0);
        for (var i = 1; i < slices.Length; i++)
        {
            if (ArgumentSlices.Join(block, isJoined: i - from > 1, slices[i]) is { } longer)
            {
                block = longer;
                joined++;
                continue;
            }

            AssertItems(block, from, i - from);
            (block, from) = (slices[i], i);
        }

        // An array of its own for each hundred or so.
        Assert.InRange(joined, 2900, 2999);
    }

    [Fact]
    public void What_is_not_right_behind_does_not_join()
    {
        var (one, other) = (ArgumentSlices.Copy(Bytes(1)), ArgumentSlices.Copy(Bytes(2)));

        Assert.Null(ArgumentSlices.Join(other, isJoined: false, one));
        Assert.Null(ArgumentSlices.Join(one, isJoined: false, one));
        Assert.Null(ArgumentSlices.Join(one, isJoined: false, new byte[8]));
        Assert.Null(ArgumentSlices.Join(new byte[8], isJoined: false, one));
        Assert.Null(ArgumentSlices.Join(default, isJoined: false, default));
    }

    [Fact]
    public void No_bytes_at_all_are_a_slice_too()
    {
        var slices = Enumerable.Range(0, 100).Select(static _ => ArgumentSlices.Copy([])).ToArray();

        Assert.All(slices, static slice => Assert.True(slice.IsEmpty));
        Assert.Contains(slices.Zip(slices.Skip(1)), static pair => ArgumentSlices.Join(pair.First, isJoined: false, pair.Second) is { Length: 2 * ItemBlock.PrefixLength });
    }

    private static void AssertItems(ReadOnlyMemory<byte> block, int from, int count)
    {
        if (count == 1)
        {
            Assert.Equal(Bytes(from), block.ToArray());
            return;
        }

        for (var i = from; i < from + count; i++)
        {
            Assert.Equal(Bytes(i), ItemBlock.TakeItem(ref block).ToArray());
        }

        Assert.True(block.IsEmpty);
    }

    private static byte[] Bytes(int i)
    {
        var bytes = new byte[4 + (i % 60)];
        BinaryPrimitives.WriteInt32LittleEndian(bytes, i);
        return bytes;
    }
}
