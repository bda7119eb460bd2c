using System.Collections;
using MultiProc.Sequences;

namespace MultiProc.Unit.Sequences;

public sealed class SyncSourceTests
{
    private static readonly Dictionary<string, IEnumerable<int>> Sources = new()
    {
        ["array"] = new[] { 1, 2, 3 },
        ["empty array"] = Array.Empty<int>(),
        ["array of another sign"] = (int[])(object)new uint[] { 1, 2, uint.MaxValue },
        ["list"] = new List<int> { 1, 2, 3 },
        ["empty list"] = new List<int>(),
        ["list that enumerates differently"] = new Backwards { 1, 2, 3 },
        ["queue"] = new Queue<int>([1, 2, 3]),
        ["range"] = Enumerable.Range(0, 3),
    };

    public static TheoryData<string> Names() => [.. Sources.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task A_source_is_read_as_its_own_enumerator_reads_it_however_it_is_asked(string name)
    {
        var source = Sources[name];
        var expected = new List<int>();
        foreach (var item in source)
        {
            expected.Add(item);
        }

        var waited = new List<int>();
        await foreach (var item in SequenceSource.Of(source))
        {
            waited.Add(item.Item1);
        }

        var taken = new List<int>();
        await using var enumerator = SequenceSource.Of(source).GetAsyncEnumerator(TestContext.Current.CancellationToken);
        var atHand = Assert.IsType<ISourceAtHand<ValueTuple<int>>>(enumerator, exactMatch: false);
        while (atHand.TryNext(out var next))
        {
            taken.Add(next.Item1);
        }

        Assert.Equal(expected, waited);
        Assert.Equal(expected, taken);
    }

    [Fact]
    public async Task A_list_that_changes_meanwhile_is_noticed()
    {
        var list = new List<int> { 1, 2 };
        await using var enumerator = SequenceSource.Of(list).GetAsyncEnumerator(TestContext.Current.CancellationToken);
        var atHand = (ISourceAtHand<ValueTuple<int>>)enumerator;
        Assert.True(atHand.TryNext(out _));
        list.Add(3);

        Assert.Throws<InvalidOperationException>(() => atHand.TryNext(out _));
    }

    [Fact]
    public async Task An_array_of_a_derived_type_is_read()
    {
        object[] words = new string[] { "a", "b" };
        await using var enumerator = SequenceSource.Of(words).GetAsyncEnumerator(TestContext.Current.CancellationToken);
        Assert.True(await enumerator.MoveNextAsync());
        Assert.Equal("a", enumerator.Current.Item1);
    }

    // Enumerates differently from the list that it is.
    private sealed class Backwards : List<int>, IEnumerable<int>
    {
        IEnumerator<int> IEnumerable<int>.GetEnumerator() => Enumerable.Reverse(ToArray()).GetEnumerator();

        IEnumerator IEnumerable.GetEnumerator() => ((IEnumerable<int>)this).GetEnumerator();
    }
}
