using System.Collections;
using System.Collections.Concurrent;
using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Collections.ObjectModel;

namespace MultiProc.Unit.Boundary;

/// <summary>A graph of anything that crosses: any value may stand in any member, and any object may be met again anywhere.</summary>
internal sealed class RandomGraph
{
    private readonly Random _random;
    private readonly RandomValue _values;
    private readonly List<object> _made = [];
    private readonly Func<object?>[] _kinds;
    private int _left = 60;

    private RandomGraph(int seed)
    {
        _random = new Random(seed);
        _values = new RandomValue(_random);
        _kinds = [.. Objects(), .. Collections(), .. Finished()];
    }

    /// <summary>Makes the same graph for the same seed.</summary>
    public static object? Of(int seed) => new RandomGraph(seed).Make();

    private object? Make()
    {
        if (--_left < 0)
        {
            return _random.Next(100);
        }

        return _random.Next(10) switch
        {
            < 2 when _made.Count > 0 => _made[_random.Next(_made.Count)],
            < 5 => _values.Next(),
            _ => _kinds[_random.Next(_kinds.Length)](),
        };
    }

    /// <summary>Objects that exist before their content does: what they hold may refer to them.</summary>
    private Func<object?>[] Objects() =>
    [
        () => Fill(new GraphNode { Number = _random.Next() }, node =>
        {
            node.Left = Make() as GraphNode;
            node.Any = Make();
            node.Rows.AddRange(Some(4));
        }),
        () => Fill(new GraphChild { Own = _values.Text() }, child => child.Left = Make() as GraphNode),
        () => Fill(new GraphLeaf(_random.Next(), _values.Text()), _ => { }),
        () => Fill(new GraphNode(), node => node.Any = (Func<object?>)(() => node.Any)),
        () => Fill(new GraphNode(), node => node.Any = (Func<GraphNode?>)node.Next),
        () => Fill(new GraphNode(), node => node.Any = new GraphPair<GraphNode, object?> { First = node, Second = Make() }),
        () => Fill(new InvalidOperationException(_values.Text(), Make() as Exception), thrown => thrown.Data["k"] = Make()),
    ];

    private Func<object?>[] Collections() =>
    [
        () => Fill(new List<object?>(), list => list.AddRange(Some(5))),
        () => Fill(new object?[_random.Next(4)], array => Some(array.Length).CopyTo(array, 0)),
        () => Fill(new object?[2, 2], grid => grid[1, 1] = Make()),
        () => Fill(new GraphNode?[1][], jagged => jagged[0] = [Make() as GraphNode, null]),
        () => Fill(new Dictionary<string, object?>(StringComparer.OrdinalIgnoreCase), map => map[$"Key {_random.Next(9)}"] = Make()),
        () => Fill(new Dictionary<GraphNode, object?>(), map => map[new GraphNode { Any = Make() }] = Make()),
        () => Fill(new HashSet<GraphLeaf>(), set => set.Add(new GraphLeaf(_random.Next(), "x"))),
        () => Fill(new HashSet<object>(ReferenceEqualityComparer.Instance), set => set.Add(Make() ?? set)),
        () => Fill(new SortedDictionary<int, object?>(), map => map[_random.Next(9)] = Make()),
        () => Fill(new SortedSet<int>(new Descending()), set => set.UnionWith([1, _random.Next(), 2])),
        () => Fill(new SortedList<string, object?>(StringComparer.Ordinal), list => list[_values.Text()] = Make()),
        () => Fill(new OrderedDictionary<int, object?>(), map => map[_random.Next()] = Make()),
        () => Fill(new PriorityQueue<object?, int>(), queue => queue.Enqueue(Make(), _random.Next())),
        () => Fill(new Queue<object?>(), queue => queue.Enqueue(Make())),
        () => Fill(new Stack<object?>(), stack => stack.Push(Make())),
        () => Fill(new LinkedList<object?>(), list => list.AddLast(Make())),
        () => Fill(new ConcurrentQueue<object?>(), queue => queue.Enqueue(Make())),
        () => Fill(new ConcurrentDictionary<int, object?>(), map => map[_random.Next()] = Make()),
        () => Fill(new ObservableCollection<object?>(), list => list.Add(Make())),
        () => Fill(new ArrayList(), list => list.Add(Make())),
        () => Fill(new Hashtable(), map => map["a"] = Make()),
    ];

    /// <summary>What exists only with its content.</summary>
    private Func<object?>[] Finished() =>
    [
        () => (_random.Next(), Make()),
        () => Tuple.Create(Make(), _random.Next(), Make()),
        () => KeyValuePair.Create(_random.Next(), Make()),
        () => new GraphPair<object?, int> { First = Make(), Second = _random.Next() },
        () => new { Name = _values.Text(), Content = Make() },
        () => new ReadOnlyCollection<object?>(Some(3)),
        () => new ArraySegment<object?>([Make(), Make(), Make()], 1, 1),
        () => ImmutableList.Create(Make(), Make()),
        () => ImmutableDictionary<string, object?>.Empty.WithComparers(StringComparer.OrdinalIgnoreCase).Add("a", Make()),
        () => ImmutableArray.Create(Make(), Make()),
        () => ImmutableStack.Create(Make(), Make()),
        () => new[] { _random.Next(), 1 }.ToFrozenSet(),
        () => new Dictionary<int, object?> { [_random.Next()] = Make() }.ToFrozenDictionary(),
        () => Some(3).ToLookup(item => item is GraphNode),
        () => Captures(Make(), _random.Next()),
        () => (Func<int, int>)Math.Abs,
    ];

    private static Func<(object?, int)> Captures(object? any, int number) => () => (any, number);

    private object?[] Some(int most) => [.. Enumerable.Range(0, _random.Next(most)).Select(_ => Make())];

    private T Fill<T>(T value, Action<T> fill)
        where T : class
    {
        _made.Add(value);
        fill(value);
        return value;
    }

    private sealed class Descending : IComparer<int>
    {
        public int Compare(int x, int y) => y.CompareTo(x);
    }
}

internal class GraphNode
{
    public int Number { get; init; }

    public GraphNode? Left { get; set; }

    public object? Any { get; set; }

    public List<object?> Rows { get; } = [];

    public GraphNode? Next() => Left;
}

internal sealed class GraphChild : GraphNode
{
    public string? Own { get; init; }
}

internal sealed record GraphLeaf(int Id, string Name);

internal struct GraphPair<TFirst, TSecond>
{
    public TFirst First;
    public TSecond Second;
}
