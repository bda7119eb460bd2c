using System.Collections;
using System.Collections.Concurrent;
using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Collections.ObjectModel;
using System.Collections.Specialized;

namespace MultiProc.Unit.Boundary;

public sealed class CollectionTests
{
    private static readonly string[] Words = ["one", "two", "Three", "", "zwölf"];
    private static readonly StringComparer NoCase = StringComparer.OrdinalIgnoreCase;

    public static TheoryData<string, object> Collections() => new()
    {
        { "List", Words.ToList() },
        { "List of numbers", new List<int> { 1, 2, int.MinValue } },
        { "Dictionary", Words.ToDictionary(word => word, word => word.Length) },
        { "HashSet", Words.ToHashSet() },
        { "HashSet of numbers", new HashSet<int> { 3, 1, 2 } },
        { "SortedDictionary", new SortedDictionary<string, int>(Words.ToDictionary(word => word, word => word.Length)) },
        { "SortedList", new SortedList<string, int>(Words.ToDictionary(word => word, word => word.Length)) },
        { "SortedSet", new SortedSet<string>(Words) },
        { "OrderedDictionary", new OrderedDictionary<string, int>(Words.ToDictionary(word => word, word => word.Length)) },
        { "LinkedList", new LinkedList<string>(Words) },
        { "Queue", new Queue<string>(Words) },
        { "Stack", new Stack<string>(Words) },
        { "ConcurrentDictionary", new ConcurrentDictionary<string, int>(Words.ToDictionary(word => word, word => word.Length)) },
        { "ConcurrentQueue", new ConcurrentQueue<string>(Words) },
        { "ConcurrentStack", new ConcurrentStack<string>(Words) },
        { "ConcurrentBag", new ConcurrentBag<string>(Words) },
        { "Collection", new Collection<string>(Words.ToList()) },
        { "ObservableCollection", new ObservableCollection<string>(Words) },
        { "ReadOnlyCollection", new ReadOnlyCollection<string>(Words) },
        { "ReadOnlyObservableCollection", new ReadOnlyObservableCollection<string>(new ObservableCollection<string>(Words)) },
        { "ReadOnlyDictionary", new ReadOnlyDictionary<string, int>(Words.ToDictionary(word => word, word => word.Length)) },
        { "ReadOnlySet", new ReadOnlySet<string>(Words.ToHashSet()) },
        { "Dictionary keys", Words.ToDictionary(word => word, word => word.Length).Keys },
        { "Dictionary values", Words.ToDictionary(word => word, word => word.Length).Values },
        { "SortedList keys", new SortedList<string, int>(Words.ToDictionary(word => word, word => word.Length)).Keys },
        { "SortedList values", new SortedList<string, int>(Words.ToDictionary(word => word, word => word.Length)).Values },
        { "ArrayList synchronized", ArrayList.Synchronized(new ArrayList(Words)) },
        { "ArrayList read-only", ArrayList.ReadOnly(new ArrayList(Words)) },
        { "ArrayList of fixed size", ArrayList.FixedSize(new ArrayList(Words)) },
        { "Queue synchronized", System.Collections.Queue.Synchronized(new Queue(Words)) },
        { "Stack synchronized", System.Collections.Stack.Synchronized(new Stack(Words)) },
        { "ImmutableArray", Words.ToImmutableArray() },
        { "ImmutableArray default", default(ImmutableArray<string>) },
        { "ImmutableArray of numbers", ImmutableArray.Create(1, 2, 3) },
        { "ImmutableList", Words.ToImmutableList() },
        { "ImmutableQueue", ImmutableQueue.CreateRange(Words) },
        { "ImmutableStack", ImmutableStack.CreateRange(Words) },
        { "ImmutableHashSet", Words.ToImmutableHashSet() },
        { "ImmutableSortedSet", Words.ToImmutableSortedSet() },
        { "ImmutableDictionary", Words.ToImmutableDictionary(word => word, word => word.Length) },
        { "ImmutableSortedDictionary", Words.ToImmutableSortedDictionary(word => word, word => word.Length) },
        { "ImmutableList builder", Words.ToImmutableList().ToBuilder() },
        { "ImmutableArray builder", Words.ToImmutableArray().ToBuilder() },
        { "ImmutableHashSet builder", Words.ToImmutableHashSet().ToBuilder() },
        { "ImmutableSortedSet builder", Words.ToImmutableSortedSet().ToBuilder() },
        { "ImmutableDictionary builder", Words.ToImmutableDictionary(word => word, word => word.Length).ToBuilder() },
        { "ImmutableSortedDictionary builder", Words.ToImmutableSortedDictionary(word => word, word => word.Length).ToBuilder() },
        { "FrozenSet", Words.ToFrozenSet() },
        { "FrozenSet of numbers", new[] { 1, 5, 9 }.ToFrozenSet() },
        { "FrozenDictionary", Words.ToFrozenDictionary(word => word, word => word.Length) },
        { "FrozenDictionary empty", FrozenDictionary<string, int>.Empty },
        { "Lookup", Words.ToLookup(word => word.Length) },
        { "Lookup empty", Array.Empty<string>().ToLookup(word => word.Length) },
        { "Grouping", Words.GroupBy(word => word.Length).First() },
        { "ArrayList", new ArrayList(Words) { 1, null } },
        { "Hashtable", new Hashtable { ["a"] = 1, [2] = "b" } },
        { "old Queue", new Queue(Words) },
        { "old Stack", new Stack(Words) },
        { "old SortedList", new SortedList { ["a"] = 1, ["b"] = null } },
        { "NameValueCollection", new NameValueCollection { ["a"] = "1", ["A"] = "2", ["b"] = null } },
        { "StringCollection", new StringCollection { "a", null! } },
        { "StringDictionary", new StringDictionary { ["A"] = "1" } },
        { "ListDictionary", new ListDictionary { ["a"] = 1, ["b"] = 2 } },
        { "HybridDictionary", new HybridDictionary(caseInsensitive: true) { ["a"] = 1 } },
        { "old OrderedDictionary", new OrderedDictionary { ["b"] = 1, ["a"] = 2 } },
        { "ArraySegment", new ArraySegment<string>(Words, 1, 3) },
        { "KeyValuePair", KeyValuePair.Create("a", 1) },
        { "DictionaryEntry", new DictionaryEntry("a", 1) },
        { "jagged", new[] { new[] { 1, 2 }, [], null! } },
        { "two dimensions", new[,] { { 1, 2, 3 }, { 4, 5, 6 } } },
        { "three dimensions of text", new[,,] { { { "a" }, { null! } } } },
        { "empty grid", new int[0, 5] },
        { "first index not 0", Array.CreateInstance(typeof(string), [2], [5]) },
        { "array of object", new object?[] { 1, "a", null, 2.5m, new[] { 1L } } },
        { "array with a narrower runtime type", new string[] { "a" } },
        { "booleans", new[] { true, false, true } },
        { "guids", new[] { Guid.NewGuid() } },
        { "enums", new[] { DayOfWeek.Friday, (DayOfWeek)77 } },
        { "collection expression", Expression() },
    };

    [Theory]
    [MemberData(nameof(Collections))]
    public void A_collection_arrives_with_its_content_order_and_comparer(string name, object collection)
    {
        Assert.NotEmpty(name);
        DeepEquality.Assert(collection, Crossing.Copy(collection));
    }

    public static TheoryData<object> CaseInsensitive() => new()
    {
        new Dictionary<string, int>(NoCase) { ["a"] = 1 },
        new HashSet<string>(NoCase) { "a" },
        new SortedDictionary<string, int>(NoCase) { ["a"] = 1 },
        new SortedList<string, int>(NoCase) { ["a"] = 1 },
        new SortedSet<string>(NoCase) { "a" },
        new OrderedDictionary<string, int>(NoCase) { ["a"] = 1 },
        new ConcurrentDictionary<string, int>(NoCase) { ["a"] = 1 },
        ImmutableHashSet.Create(NoCase, "a"),
        ImmutableSortedSet.Create(NoCase, "a"),
        ImmutableDictionary.Create<string, int>(NoCase).Add("a", 1),
        ImmutableSortedDictionary.Create<string, int>(NoCase).Add("a", 1),
        new[] { "a" }.ToFrozenSet(NoCase),
        new Dictionary<string, int> { ["a"] = 1 }.ToFrozenDictionary(NoCase),
        new[] { "a" }.ToLookup(text => text, NoCase),
        new Hashtable(NoCase) { ["a"] = 1 },
        new NameValueCollection { ["a"] = "1" },
        new HybridDictionary(caseInsensitive: true) { ["a"] = 1 },
    };

    [Theory]
    [MemberData(nameof(CaseInsensitive))]
    public void A_case_insensitive_collection_stays_one(object collection)
    {
        dynamic copy = Crossing.Copy(collection);
        Assert.True(
            copy is NameValueCollection names ? names["A"] == "1" : copy is IDictionary dictionary ? dictionary.Contains("A") : copy.Contains("A"));
    }

    [Fact]
    public void Comparers_of_every_kind_arrive()
    {
        DeepEquality.Assert(StringComparer.Create(new System.Globalization.CultureInfo("de-DE"), true), Crossing.Copy<IComparer<string>>(
            StringComparer.Create(new System.Globalization.CultureInfo("de-DE"), true)));
        Assert.Same(StringComparer.Ordinal, Crossing.Copy<object>(StringComparer.Ordinal));
        Assert.Same(StringComparer.OrdinalIgnoreCase, Crossing.Copy(StringComparer.OrdinalIgnoreCase));
        Assert.Same(EqualityComparer<int>.Default, Crossing.Copy<IEqualityComparer<int>>(EqualityComparer<int>.Default));
        Assert.Same(EqualityComparer<string>.Default, Crossing.Copy(EqualityComparer<string>.Default));
        Assert.Same(Comparer<DayOfWeek>.Default, Crossing.Copy<object>(Comparer<DayOfWeek>.Default));
        Assert.Same(ReferenceEqualityComparer.Instance, Crossing.Copy(ReferenceEqualityComparer.Instance));
        Assert.Same(StructuralComparisons.StructuralEqualityComparer, Crossing.Copy(StructuralComparisons.StructuralEqualityComparer));
        Assert.Equal(1, Crossing.Copy(Comparer<int>.Create((left, right) => right - left)).Compare(1, 2));
        Assert.True(Crossing.Copy(EqualityComparer<int>.Create((left, right) => left % 10 == right % 10)).Equals(3, 13));
        var mine = Crossing.Copy(new SortedSet<int>(new Modulo(10)) { 13, 25 });
        Assert.Contains(3, mine);
        Assert.Equal(10, Assert.IsType<Modulo>(mine.Comparer).By);
    }

    [Fact]
    public void A_priority_queue_hands_out_in_the_same_order()
    {
        var queue = new PriorityQueue<string, int>(Comparer<int>.Create((left, right) => right - left));
        for (var i = 0; i < 50; i++)
        {
            queue.Enqueue($"item {i}", i % 5);
        }

        var copy = Crossing.Copy(queue);
        while (queue.TryDequeue(out var item, out _))
        {
            Assert.Equal(item, copy.Dequeue());
        }

        Assert.Equal(0, copy.Count);
    }

    [Fact]
    public void Nodes_of_a_linked_list_stay_nodes_of_it()
    {
        var list = new LinkedList<string>(["a", "b", "c"]);
        var byName = new Dictionary<string, LinkedListNode<string>> { ["b"] = list.First!.Next!, ["alone"] = new("x") };

        foreach (var (order, nodes) in new[] { Crossing.Copy((list, byName)), Swap(Crossing.Copy((byName, list))) })
        {
            Assert.Equal(["a", "b", "c"], order);
            Assert.Same(order.First!.Next, nodes["b"]);
            Assert.Null(nodes["alone"].List);
            order.Remove(nodes["b"]);
            Assert.Equal(["a", "c"], order);
        }
    }

    [Fact]
    public void Subclasses_of_collections_keep_their_type_and_their_own_fields()
    {
        var settings = Crossing.Copy(new Settings("production") { ["a"] = 1 });
        Assert.Equal(1, settings["A"]);
        Assert.Equal("production", settings.Environment);
        DeepEquality.Assert(new Names { "a", "b" }, Crossing.Copy<IEnumerable<string>>(new Names { "a", "b" }));
        var keyed = Crossing.Copy(new ByLength { "a", "bb" });
        Assert.Equal("bb", keyed[2]);
    }

    [Fact]
    public void Concurrent_collections_that_change_while_they_are_written_arrive_as_they_were_at_one_moment()
    {
        var dictionary = new ConcurrentDictionary<int, Growing>();
        dictionary[0] = new Growing(() => dictionary[dictionary.Count] = null!);
        Assert.Equal([0], Crossing.Copy(dictionary).Keys);
        var queue = new ConcurrentQueue<Growing>();
        queue.Enqueue(new Growing(() => queue.Enqueue(null!)));
        Assert.Single(Crossing.Copy(queue));
        var stack = new ConcurrentStack<Growing>();
        stack.Push(null!);
        stack.Push(new Growing(() => stack.Clear()));
        Assert.Equal(2, Crossing.Copy(stack).Count);
        var bag = new ConcurrentBag<Growing>();
        bag.Add(new Growing(() => bag.Add(null!)));
        Assert.Single(Crossing.Copy(bag));
    }

    [Fact]
    public void Views_of_memory_arrive_with_what_they_show()
    {
        Assert.Equal([2, 3], Crossing.Copy(new Memory<int>([1, 2, 3, 4], 1, 2)).ToArray());
        Assert.Equal("ell", Crossing.Copy("hello".AsMemory(1, 3)).ToString());
        Assert.Equal([1, 2], Crossing.Copy(new System.Buffers.ReadOnlySequence<byte>([1, 2])).FirstSpan.ToArray());
        var array = new[] { 1, 2, 3 };
        var (segment, same) = Crossing.Copy((new ArraySegment<int>(array, 1, 1), array));
        Assert.Same(same, segment.Array);
    }

    private static (LinkedList<string>, Dictionary<string, LinkedListNode<string>>) Swap((Dictionary<string, LinkedListNode<string>>, LinkedList<string>) pair) =>
        (pair.Item2, pair.Item1);

    private static IReadOnlyList<int> Expression() => [1, 2, 3];

    private sealed class Modulo(int by) : IComparer<int>
    {
        public int By { get; } = by;

        public int Compare(int x, int y) => (x % By).CompareTo(y % By);
    }

    private sealed class Settings(string environment) : Dictionary<string, int>(NoCase)
    {
        public string Environment { get; } = environment;
    }

    private sealed class Names : List<string>
    {
        public int Revision { get; set; } = 7;
    }

    private sealed class ByLength : KeyedCollection<int, string>
    {
        protected override int GetKeyForItem(string item) => item.Length;
    }

    private sealed class Growing(Action grow)
    {
        [NonSerialized]
        private readonly Action _grow = grow;

        [System.Runtime.Serialization.OnSerializing]
        private void Grow(System.Runtime.Serialization.StreamingContext context) => _grow();
    }
}
