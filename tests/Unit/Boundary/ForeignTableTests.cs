using System.Collections;
using MultiProc.Boundary;

namespace MultiProc.Unit.Boundary;

/// <summary>Hash tables that are not the framework's, read where hash codes are others.</summary>
public sealed class ForeignTableTests
{
    // As in another process: the reader's hash codes are not the writer's.
    [ThreadStatic]
    private static int _seed;

    [Fact]
    public void Table_with_a_constructor_for_its_items_is_built_anew()
    {
        var copy = Elsewhere(new Buckets<Name, int>([new(new Name("a"), 1), new(new Name("b"), 2), new(new Name("c"), 3)]));
        Assert.True(copy.ContainsKey(new Name("b")));
        Assert.Equal(3, copy.Count());
        Assert.Equal(3, copy.Size);
    }

    [Fact]
    public void Table_that_is_filled_by_adding_is_built_anew()
    {
        var copy = Elsewhere(new Bag<Name> { new Name("a"), new Name("b") });
        Assert.True(copy.Contains(new Name("a")) && copy.Contains(new Name("b")));
        copy.Add(new Name("c"));
        Assert.Equal(3, copy.Count());
    }

    [Fact]
    public void Trie_that_is_a_struct_is_built_anew_by_its_factory()
    {
        var copy = Elsewhere(Trie.Create([(new Name("a"), 1), (new Name("b"), 2)]));
        Assert.True(copy.ContainsKey(new Name("a")) && copy.ContainsKey(new Name("b")));
        Assert.Equal(2, copy.Count());
    }

    [Fact]
    public void Table_keeps_its_comparer()
    {
        var copy = Elsewhere(new Buckets<Name, int>([new(new Name("a"), 1)], new IgnoringCase()));
        Assert.True(copy.ContainsKey(new Name("A")));
    }

    [Fact]
    public void Table_that_is_filled_keeps_its_comparer()
    {
        var copy = Elsewhere(new Bag<Name>(new IgnoringCase()) { new Name("a") });
        Assert.True(copy.Contains(new Name("A")));
    }

    [Fact]
    public void Table_with_state_besides_the_table_is_refused_by_name_with_the_way_out()
    {
        var refusal = Refused(new Titled { { new Name("a"), 1 }, { new Name("bb"), 2 }, { new Name("ccc"), 3 }, { new Name("dddd"), 4 } });
        Assert.Equal(typeof(Titled), refusal.Type);
        Assert.Contains("'_title'", refusal.Message);
        Assert.Contains("WithSurrogate", refusal.Message);
    }

    [Fact]
    public void Table_with_state_besides_that_finds_its_keys_crosses_as_it_is()
    {
        var original = new Titled { { new Name("a"), 1 } };
        Assert.True(Crossing.Copy(original).ContainsKey(new Name("a")));
    }

    [Fact]
    public void Table_in_a_cycle_is_settled_when_its_keys_are_there()
    {
        var key = new Knot();
        var table = new Buckets<object, int>([new(key, 1), new(new Name("b"), 2)]);
        key.Table = table;
        var copy = Elsewhere(key);
        Assert.True(copy.Table!.ContainsKey(copy));
        Assert.True(copy.Table.ContainsKey(new Name("b")));
    }

    [Fact]
    public void One_table_that_is_met_twice_is_one()
    {
        var table = new Buckets<Name, int>([new(new Name("a"), 1)]);
        var copy = Elsewhere(new[] { table, table });
        Assert.Same(copy[0], copy[1]);
        Assert.True(copy[1].ContainsKey(new Name("a")));
    }

    [Fact]
    public void Table_of_both_directions_whose_keys_are_alike_is_asked_nothing() =>
        Assert.Equal([("a", "b")], Crossing.Copy(new BothWays<string, string>([("a", "b")])));

    [Fact]
    public void What_does_not_find_its_keys_at_home_is_not_asked()
    {
        var copy = Elsewhere(new Picky { new Name("a") });
        Assert.Single(copy);
    }

    [Fact]
    public void Tables_of_stable_keys_and_lists_and_wrappers_are_not_asked()
    {
        Assert.Null(ForeignTable.Of(typeof(Buckets<int, string>)));
        Assert.Null(ForeignTable.Of(typeof(Buckets<Guid, string>)));
        Assert.Null(ForeignTable.Of(typeof(Dictionary<string, int>)));
        Assert.Null(ForeignTable.Of(typeof(Wrapper)));
        Assert.NotNull(ForeignTable.Of(typeof(Buckets<string, int>)));
        Assert.NotNull(ForeignTable.Of(typeof(Buckets<Type, int>)));
    }

    /// <summary>Each test's objects are made where the writer is.</summary>
    public ForeignTableTests() => _seed = 0;

    private static T Elsewhere<T>(T value)
    {
        _seed = 0;
        var bytes = Crossing.Encode(value);
        _seed = 12345;
        return Crossing.Decode<T>(bytes);
    }

    private static BoundaryException Refused<T>(T value)
    {
        _seed = 0;
        var bytes = Crossing.Encode(value);
        _seed = 12345;
        return Assert.Throws<BoundaryException>(() => Crossing.Decode<T>(bytes));
    }

    private sealed record Name(string Text)
    {
        public override int GetHashCode() => (Text.Length + Text[0]) ^ (_seed * 31);
    }

    private sealed class IgnoringCase : IEqualityComparer<Name>
    {
        public bool Equals(Name? x, Name? y) => string.Equals(x?.Text, y?.Text, StringComparison.OrdinalIgnoreCase);

        public int GetHashCode(Name obj) => char.ToUpperInvariant(obj.Text[0]) ^ (_seed * 31);
    }

    private class Buckets<TKey, TValue> : IEnumerable<KeyValuePair<TKey, TValue>>
        where TKey : notnull
    {
        private readonly KeyValuePair<TKey, TValue>[][] _buckets = [.. Enumerable.Repeat(Array.Empty<KeyValuePair<TKey, TValue>>(), 17)];
        private readonly IEqualityComparer<TKey> _comparer;
        private int _size;

        public Buckets()
            : this([])
        {
        }

        public Buckets(IEnumerable<KeyValuePair<TKey, TValue>> items, IEqualityComparer<TKey>? comparer = null)
        {
            _comparer = comparer ?? EqualityComparer<TKey>.Default;
            foreach (var (key, value) in items)
            {
                Add(key, value);
            }
        }

        public int Size => _size;

        public void Add(TKey key, TValue value)
        {
            ref var bucket = ref _buckets[BucketOf(key)];
            bucket = [.. bucket, new(key, value)];
            _size++;
        }

        public bool ContainsKey(TKey key) => _buckets[BucketOf(key)].Any(pair => _comparer.Equals(pair.Key, key));

        public IEnumerator<KeyValuePair<TKey, TValue>> GetEnumerator() => _buckets.SelectMany(bucket => bucket).GetEnumerator();

        IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

        private uint BucketOf(TKey key) => (uint)_comparer.GetHashCode(key) % 17;
    }

    private sealed class Titled : Buckets<Name, int>
    {
        private readonly string _title = "t";

        public override string ToString() => _title;
    }

    private sealed class Bag<T>(IEqualityComparer<T> comparer) : IEnumerable<T>
    {
        private readonly T[][] _buckets = [.. Enumerable.Repeat(Array.Empty<T>(), 17)];
        private readonly IEqualityComparer<T> _comparer = comparer;

        public Bag()
            : this(EqualityComparer<T>.Default)
        {
        }

        public bool Add(T item)
        {
            ref var bucket = ref _buckets[(uint)_comparer.GetHashCode(item!) % 17];
            bucket = [.. bucket, item];
            return true;
        }

        public bool Contains(T item) => _buckets[(uint)_comparer.GetHashCode(item!) % 17].Contains(item, _comparer);

        public IEnumerator<T> GetEnumerator() => _buckets.SelectMany(bucket => bucket).GetEnumerator();

        IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
    }

    private static class Trie
    {
        public static Trie<TKey, TValue> Create<TKey, TValue>(IEnumerable<(TKey, TValue)> items)
            where TKey : notnull => Trie<TKey, TValue>.Of(items);
    }

    private readonly struct Trie<TKey, TValue> : IEnumerable<(TKey Key, TValue Value)>
        where TKey : notnull
    {
        private readonly Node? _root;

        private Trie(Node root) => _root = root;

        public static Trie<TKey, TValue> Of(IEnumerable<(TKey Key, TValue Value)> items)
        {
            var root = new Node();
            foreach (var (key, value) in items)
            {
                root.Add(key, value, (uint)key.GetHashCode());
            }

            return new Trie<TKey, TValue>(root);
        }

        public bool ContainsKey(TKey key) => _root!.Find(key, (uint)key.GetHashCode());

        public IEnumerator<(TKey Key, TValue Value)> GetEnumerator() => (_root?.Items() ?? []).GetEnumerator();

        IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

        private sealed class Node
        {
            private readonly Node?[] _children = new Node?[4];
            private readonly List<(TKey, TValue)> _items = [];

            public void Add(TKey key, TValue value, uint hash, int depth = 0)
            {
                if (depth == 3)
                {
                    _items.Add((key, value));
                    return;
                }

                (_children[hash % 4] ??= new Node()).Add(key, value, hash / 4, depth + 1);
            }

            public bool Find(TKey key, uint hash, int depth = 0) =>
                depth == 3 ? _items.Any(item => item.Item1.Equals(key)) : _children[hash % 4]?.Find(key, hash / 4, depth + 1) ?? false;

            public IEnumerable<(TKey, TValue)> Items() => _items.Concat(_children.OfType<Node>().SelectMany(child => child.Items()));
        }
    }

    private sealed class Knot
    {
        public Buckets<object, int>? Table { get; set; }

        public override int GetHashCode() => 99 ^ (_seed * 31);

        public override bool Equals(object? obj) => obj is Knot;
    }

    private sealed class Picky : IEnumerable<Name>
    {
        private Name[] _names = [];

        public void Add(Name name) => _names = [.. _names, name];

        public bool Contains(Name name) => name.Text.Length > 100;

        public IEnumerator<Name> GetEnumerator() => _names.AsEnumerable().GetEnumerator();

        IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
    }

    private sealed class Wrapper : IEnumerable<string>
    {
        private readonly HashSet<string> _names = [];

        public bool Contains(string name) => _names.Contains(name);

        public IEnumerator<string> GetEnumerator() => _names.GetEnumerator();

        IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
    }

    private sealed class BothWays<TLeft, TRight>((TLeft Left, TRight Right)[] pairs) : IEnumerable<(TLeft Left, TRight Right)>
    {
        private readonly (TLeft Left, TRight Right)[] _pairs = pairs;

        public bool ContainsKey(TLeft left) => Array.Exists(_pairs, pair => Equals(pair.Left, left));

        public bool ContainsKey(TRight right) => Array.Exists(_pairs, pair => Equals(pair.Right, right));

        public IEnumerator<(TLeft Left, TRight Right)> GetEnumerator() => _pairs.AsEnumerable().GetEnumerator();

        IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
    }
}
