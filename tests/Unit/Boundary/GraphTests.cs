using System.Collections.Frozen;
using System.Collections.Immutable;

namespace MultiProc.Unit.Boundary;

public sealed class GraphTests
{
    [Fact]
    public void An_object_that_is_met_twice_is_one_object()
    {
        var node = new Node { Name = "a" };
        var copy = Crossing.Copy(new[] { node, node, new Node { Next = node } });
        Assert.Same(copy[0], copy[1]);
        Assert.Same(copy[0], copy[2].Next);
        var (left, right) = Crossing.Arguments((node, new List<Node> { node }));
        Assert.Same(left, right[0]);
        var numbers = new[] { 1, 2 };
        var arrays = Crossing.Copy(new[] { numbers, numbers });
        Assert.Same(arrays[0], arrays[1]);
    }

    [Fact]
    public void Cycles_survive()
    {
        var node = new Node();
        node.Next = node;
        node.Others.Add(node);
        node.ByName["self"] = node;
        node.Any = new object[] { node };
        var copy = Crossing.Copy(node);
        Assert.Same(copy, copy.Next);
        Assert.Same(copy, copy.Others[0]);
        Assert.Same(copy, copy.ByName["self"]);
        Assert.Same(copy, ((object[])copy.Any!)[0]);
        var list = new List<object>();
        list.Add(list);
        Assert.Same(list = (List<object>)Crossing.Copy<object>(list), list[0]);
        var array = new object[1];
        array[0] = array;
        Assert.Same(array = Crossing.Copy(array), array[0]);
    }

    [Fact]
    public void A_boxed_struct_in_a_cycle_stays_one_box()
    {
        var holder = new Node();
        object box = new Box { Holder = holder };
        holder.Any = box;
        var copy = Crossing.Copy(holder);
        Assert.Same(copy, ((Box)copy.Any!).Holder);
        Assert.Same(box.GetType(), copy.Any!.GetType());
    }

    [Fact]
    public void Keys_in_a_cycle_are_found_again()
    {
        var key = new Key { Name = "k" };
        key.Map = new Dictionary<Key, string> { [new Key { Name = "first" }] = "1", [key] = "2", [new Key { Name = "last" }] = "3" };
        key.Set = [key, new Key { Name = "other", Map = key.Map }];
        key.Sorted = new SortedSet<Key>(new ByName()) { key, new Key { Name = "b", Map = key.Map } };
        var copy = Crossing.Copy(key);
        Assert.Equal("2", copy.Map![copy]);
        Assert.Equal(["first", "k", "last"], copy.Map.Keys.Select(item => item.Name));
        Assert.Contains(copy, copy.Set!);
        Assert.Equal(2, copy.Set!.Count);
        Assert.Equal(["b", "k"], copy.Sorted!.Select(item => item.Name));
        Assert.Same(copy.Map, copy.Sorted!.First().Map);
    }

    [Fact]
    public void Keys_that_reach_an_unfinished_object_by_a_detour_are_found_again()
    {
        var owner = new Owner { Name = "owner" };
        var middle = new Key { Name = "middle", Owner = owner };
        owner.First = middle;
        owner.Map = new Dictionary<Key, int> { [new Key { Name = "outer", Inner = middle }] = 1 };
        var copy = Crossing.Copy(owner);
        Assert.Equal(1, copy.Map[new Key { Name = "outer", Inner = copy.First }]);
    }

    [Fact]
    public void Immutable_collections_in_a_cycle_cross_or_are_refused()
    {
        var parent = new Tree();
        parent.Children = [new Tree { Parent = parent }, new Tree { Parent = parent }];
        var copy = Crossing.Copy(parent);
        Assert.Same(copy, copy.Children[1].Parent);

        var self = new Tree();
        self.Children = [self];
        self.Any = self.Children;
        var list = Crossing.Copy(self.Children);
        Assert.Same(list, list[0].Any);
        Assert.Same(list[0], list[0].Children[0]);

        var key = new Key { Name = "a" };
        key.Immutable = ImmutableDictionary<Key, int>.Empty.Add(key, 1);
        Assert.Equal(1, Crossing.Copy(key).Immutable![Crossing.Copy(key)]);
        var keyCopy = Crossing.Copy(key);
        Assert.Equal(1, keyCopy.Immutable![keyCopy]);

        var frozen = new Tree();
        frozen.Any = new object[] { frozen }.ToFrozenSet();
        Assert.Same(Crossing.Copy(new Tree { Any = new[] { "a" }.ToFrozenSet() }).Any!.GetType(), new[] { "a" }.ToFrozenSet().GetType());
        Assert.Contains("contains itself", Crossing.Refused(frozen.Any).Message);
    }

    [Fact]
    public void What_a_collection_that_is_made_at_once_holds_may_hold_it()
    {
        var set = new Tree();
        set.Any = new object[] { set, new Tree { Parent = set } }.ToFrozenSet();
        var setCopy = Crossing.Copy(set);
        Assert.Contains(setCopy, (IReadOnlySet<object>)setCopy.Any!);

        var byName = new Tree();
        byName.Any = new Dictionary<string, Tree> { ["a"] = new Tree { Parent = byName } }.ToFrozenDictionary();
        var byNameCopy = Crossing.Copy(byName);
        Assert.Same(byNameCopy, ((FrozenDictionary<string, Tree>)byNameCopy.Any!)["a"].Parent);

        var byTree = new Tree();
        byTree.Any = new Dictionary<Tree, int> { [byTree] = 5 }.ToFrozenDictionary();
        var byTreeCopy = Crossing.Copy(byTree);
        Assert.Equal(5, ((FrozenDictionary<Tree, int>)byTreeCopy.Any!)[byTreeCopy]);

        var grouped = new Tree();
        grouped.Any = new[] { grouped, new Tree { Parent = grouped } }.ToLookup(static tree => tree.Parent is null);
        var groupedCopy = Crossing.Copy(grouped);
        Assert.Same(groupedCopy, ((ILookup<bool, Tree>)groupedCopy.Any!)[true].Single());
    }

    [Theory]
    [InlineData(10_000)]
    [InlineData(200_000)]
    public void A_long_linked_list_crosses(int length)
    {
        var first = new Node();
        var last = first;
        for (var i = 1; i < length; i++)
        {
            last = last.Next = new Node { Name = "x" };
        }

        var count = 0;
        for (var node = Crossing.Copy(first); node is not null; node = node.Next!)
        {
            count++;
        }

        Assert.Equal(length, count);
        last.Any = Stream.Null;
        Assert.EndsWith(".Next.Any", Crossing.Refused(first).Path);
    }

    [Fact]
    public void Deep_nesting_through_collections_crosses()
    {
        object nested = "end";
        for (var i = 0; i < 30_000; i++)
        {
            nested = (i % 4) switch
            {
                0 => new List<object> { nested },
                1 => new[] { nested },
                2 => new Dictionary<string, object> { ["a"] = nested },
                _ => (nested, 1),
            };
        }

        Assert.Equal(30_000, Depth(Crossing.Copy(nested)));
    }

    [Fact]
    public void Several_threads_write_and_read_at_once()
    {
        Parallel.For(0, 200, i => Assert.Equal($"n{i}", Crossing.Copy(new Node { Name = $"n{i}", Others = { new Node() } }).Name));
    }

    private static int Depth(object value)
    {
        var depth = 0;
        for (; value is not string; depth++)
        {
            value = value switch
            {
                List<object> list => list[0],
                object[] array => array[0],
                Dictionary<string, object> dictionary => dictionary["a"],
                (object item, int) => item,
                _ => throw new InvalidOperationException(),
            };
        }

        return depth;
    }

    private sealed class Node
    {
        public string? Name { get; init; }

        public Node? Next { get; set; }

        public List<Node> Others { get; } = [];

        public Dictionary<string, Node> ByName { get; } = [];

        public object? Any { get; set; }
    }

    private struct Box
    {
        public Node Holder;
    }

    private sealed class Owner
    {
        public string Name { get; init; } = "";

        public Key? First { get; set; }

        public Dictionary<Key, int> Map { get; set; } = [];
    }

    private sealed class Key : IEquatable<Key>
    {
        public Owner? Owner { get; init; }

        public Key? Inner { get; init; }

        public Dictionary<Key, string>? Map { get; set; }

        public HashSet<Key>? Set { get; set; }

        public SortedSet<Key>? Sorted { get; set; }

        public ImmutableDictionary<Key, int>? Immutable { get; set; }

        public string? Name { get; init; }

        public bool Equals(Key? other) =>
            other is not null && Name == other.Name && Owner?.Name == other.Owner?.Name && Equals(Inner, other.Inner);

        public override bool Equals(object? obj) => Equals(obj as Key);

        public override int GetHashCode() => HashCode.Combine(Name!.Length, Name, Owner?.Name.Length, Inner?.GetHashCode());
    }

    private sealed class ByName : IComparer<Key>
    {
        public int Compare(Key? x, Key? y) => string.CompareOrdinal(x!.Name!.ToString(), y!.Name);
    }

    private sealed class Tree
    {
        public Tree? Parent { get; init; }

        public ImmutableList<Tree> Children { get; set; } = [];

        public object? Any { get; set; }
    }
}
