using System.Runtime.CompilerServices;
using MessagePack;

namespace MultiProc.Boundary;

/// <summary>The state of one graph while it is read.</summary>
/// <remarks>
/// An object can be handed out before its content is complete, because cycles need that. Whoever must look into an object - a hash
/// table into its keys - asks <see cref="IsComplete"/> and postpones with <see cref="AtEnd"/>. Completeness is found as in Tarjan's
/// components: each object remembers the outermost unfinished object that can be reached from it.
/// </remarks>
internal sealed class GraphReader
{
    /// <summary>Objects nested deeper than this are refused as hostile; each level costs the reader a stack frame.</summary>
    public const int MaxDepth = 1_100_000;

    private const int None = int.MaxValue;

    [ThreadStatic]
    private static GraphReader? _idle;

    private readonly List<Type> _types = [];
    private readonly List<FunctionBinding> _functions = [];
    private readonly List<Action> _atEnd = [];
    private readonly List<Told> _told = [];
    private readonly LayoutMarks _layouts = new();
    private Entry[] _entries = new Entry[64];
    private int _count;
    private int _lowest = None;
    private int _depth;
    private bool _hasResolved;
    private ReadingOptions? _options;

    /// <summary>Which part of the innermost object is being read: a field's number or an element's index. For refusals.</summary>
    public int Step;

    private GraphReader()
    {
    }

    /// <summary>What crosses live.</summary>
    public ILiveImports Live { get; private set; } = null!;

    /// <summary>The rules of the pool; null: none.</summary>
    public SurrogateRules? Rules { get; private set; }

    /// <summary>The rules of the pool if any is for a struct; else null.</summary>
    public SurrogateRules? ValueRules { get; private set; }

    /// <summary>What is accepted of whoever wrote the graph.</summary>
    public Trust Trust { get; private set; } = Trust.Full;

    /// <summary>The functions that were sent with the call that this graph answers.</summary>
    public CallFunctions Sent { get; private set; }

    /// <summary>The declared type of the whole value that is being read.</summary>
    public Type Declared { get; set; } = typeof(object);

    /// <summary>What has not been read.</summary>
    public ReadOnlyMemory<byte> Rest { get; set; }

    /// <summary>The XML trees of the graph; null: none has been met, or nobody looks at them.</summary>
    public XmlTrees? XmlTrees { get; set; }

    /// <summary>How many keys have been passed by, all in all, by keys that went into hash tables.</summary>
    public long HashSteps { get; set; }

    /// <summary>The options that carry this graph through MessagePack's own formatters.</summary>
    public MessagePackSerializerOptions Options => _options ??= new ReadingOptions(this);

    /// <summary>Takes an idle graph of this thread, or a new one.</summary>
    public static GraphReader Rent(ILiveImports live, Trust trust, in CallFunctions sent)
    {
        var graph = _idle ?? new GraphReader();
        _idle = null;
        graph.Live = live;
        graph.Rules = live.Rules;
        graph.ValueRules = graph.Rules is { HasValues: true } rules ? rules : null;
        graph.Trust = trust;
        graph.Sent = sent;
        return graph;
    }

    /// <summary>Forgets the graph and keeps the tables for the next one.</summary>
    public void Return()
    {
        if (_entries.Length > 1 << 16)
        {
            _entries = new Entry[64];
        }
        else
        {
            Array.Clear(_entries, 0, _count);
        }

        _count = 0;
        _lowest = None;
        _depth = 0;
        _hasResolved = false;
        _told.Clear();
        _types.Clear();
        _functions.Clear();
        _atEnd.Clear();
        _layouts.Clear();
        Live = null!;
        Rules = ValueRules = null;
        Trust = Trust.Full;
        Sent = default;
        Declared = typeof(object);
        Rest = default;
        XmlTrees = null;
        HashSteps = 0;
        _idle = this;
    }

    /// <summary>Reads the content of a new object, on a fresh stack if this one runs short.</summary>
    public object ReadContent(ref MessagePackReader reader, Serializer serializer)
    {
        var level = _depth++;
        if (level >= MaxDepth)
        {
            throw new BoundaryFormatException($"Objects are nested deeper than {MaxDepth:N0}.");
        }

        var id = -1;
        if (serializer.HasIdentity)
        {
            id = Begin();
        }

        object value;
        var outerStep = Step;
        try
        {
            value = FreshStack.IsEnough(level)
                ? serializer.Read(ref reader, this, id)
                : ReadOnFreshStack(ref reader, serializer, id);
        }
        catch (DistrustException exception) when (Passes(exception, serializer, HandedOut(id), outerStep))
        {
            throw;
        }

        if (id >= 0)
        {
            value = End(id, value);
        }

        _depth--;
        return value;
    }

    /// <summary>Reads what crossed by a rule of the pool, up to the object that the rule makes of it, which may be none.</summary>
    public object? ReadSurrogate(ref MessagePackReader reader)
    {
        if (Rules is not { } rules || reader.ReadArrayHeader() != 1)
        {
            throw new BoundaryFormatException("A value crossed by a rule, and there are no rules here.");
        }

        return ReadContent(ref reader, rules.Rule(reader.ReadInt32()).Serializer);
    }

    /// <summary>Whether values of type <typeparamref name="T"/> cross by a rule of the pool.</summary>
    public bool IsRuled<T>() => ValueRules is { } rules && rules.ForValue<T>() is not null;

    /// <summary>Notes, while <paramref name="exception"/> leaves the content of <paramref name="part"/>, where in it that was. False: for a filter.</summary>
    /// <param name="exception">What passes.</param>
    /// <param name="part">Tells what its parts are called.</param>
    /// <param name="instance">The object, as far as it has been read.</param>
    /// <param name="outerStep">Where <paramref name="part"/> itself stands.</param>
    public bool Passes(DistrustException exception, IPathPart part, object? instance, int outerStep)
    {
        exception.Passes(part, instance, Step);
        Step = outerStep;
        return false;
    }

    /// <summary>The number that the next new object gets.</summary>
    public int NextId => _count;

    /// <summary>Opens the next number.</summary>
    public int Begin()
    {
        if (_count == _entries.Length)
        {
            Array.Resize(ref _entries, _count * 2);
        }

        ref var entry = ref _entries[_count];
        entry.LowestOutside = _lowest;
        entry.IsOpen = true;
        _lowest = None;
        return _count++;
    }

    /// <summary>Makes an object known under its number before its content is read.</summary>
    public void Register(int id, object value)
    {
        if (id >= 0)
        {
            _entries[id].Value = value;
        }
    }

    /// <summary>Makes an object known under a number whose content is being read and which has no object so far.</summary>
    public void Claim(int id, object value)
    {
        if ((uint)id >= (uint)_count || !_entries[id].IsOpen || _entries[id].Value is not null)
        {
            throw new BoundaryFormatException($"Number {id} does not wait for an object.");
        }

        _entries[id].Value = value;
    }

    /// <summary>
    /// Says how to make the object of number <paramref name="id"/> when something inside it refers to it before it exists.
    /// </summary>
    public void RegisterLate(int id, Func<object> make)
    {
        if (id >= 0)
        {
            _entries[id].Make = make;
        }
    }

    /// <summary>The object handed out early for <paramref name="id"/>, if anything asked for it.</summary>
    public object? HandedOut(int id) => (uint)id < (uint)_count ? _entries[id].Value : null;

    /// <summary>The object met before as <paramref name="id"/>.</summary>
    public object Resolve(int id)
    {
        if ((uint)id >= (uint)_count)
        {
            throw new BoundaryFormatException($"A reference names object {id} of {_count}.");
        }

        _hasResolved = true;
        ref var entry = ref _entries[id];
        if (entry.IsOpen)
        {
            _lowest = Math.Min(_lowest, id);
            if (entry.Value is null)
            {
                var make = entry.Make ?? throw new BoundaryFormatException("An object refers to itself before it can exist.");
                var made = make();
                _entries[id].Value = made;
            }
        }
        else
        {
            _lowest = Math.Min(_lowest, OpenReachableFrom(id));
        }

        return _entries[id].Value!;
    }

    /// <summary>Reads with <paramref name="formatter"/>; false when the value reaches an object whose content is not complete.</summary>
    public bool IsComplete<T>(ref MessagePackReader reader, Formatter<T> formatter, out T? value)
    {
        var outside = _lowest;
        var told = _told.Count;
        var hasResolved = _hasResolved;
        _lowest = None;
        _hasResolved = false;
        value = formatter.Read(ref reader, this);
        var complete = _lowest == None;
        if (complete && _told.Count > 0)
        {
            Tell(_hasResolved ? 0 : told);
        }

        _hasResolved |= hasResolved;

        _lowest = Math.Min(outside, _lowest);
        return complete;
    }

    /// <summary>Whether all that the object of number <paramref name="id"/>, which is being read, has reached so far is complete but for itself.</summary>
    public bool ReachesNothingUnfinished(int id) => _lowest >= id;

    /// <summary>How many objects wait to be told that their graph has been read.</summary>
    public int Waiting => _told.Count;

    /// <summary>Tells an object when the whole graph has been read, or before anything looks into it.</summary>
    public void TellLater(int id, object instance, Conventions conventions)
    {
        if (conventions.HasReadCallbacks)
        {
            _told.Add(new Told(id, instance, conventions));
        }
    }

    /// <summary>Tells those of the waiting objects, from the <paramref name="first"/> one on, that are complete: something is about to look into them.</summary>
    public void Tell(int first)
    {
        for (var i = first; i < _told.Count; i++)
        {
            if (_told[i] is { Stage: 0 } told && IsWhole(told.Id))
            {
                told.Stage = 1;
                told.Conventions.OnDeserialized(told.Instance);
            }
        }

        for (var i = first; i < _told.Count; i++)
        {
            if (_told[i] is { Stage: 1 } told)
            {
                told.Stage = 2;
                told.Conventions.OnDeserialization(told.Instance);
            }
        }
    }

    /// <summary>Postpones <paramref name="action"/> until every object read so far is complete.</summary>
    public void AtEnd(Action action) => _atEnd.Add(action);

    /// <summary>Runs what was postponed; called when a top-level value has been read.</summary>
    public void Finish()
    {
        // Not with LINQ: this runs for every value, and few have anybody to tell.
        foreach (var told in _told)
        {
            if (told.Stage == 0)
            {
                told.Stage = 1;
                told.Conventions.OnDeserialized(told.Instance);
            }
        }

        for (var i = 0; i < _atEnd.Count; i++)
        {
            _atEnd[i]();
        }

        _atEnd.Clear();
        foreach (var told in _told)
        {
            if (told.Stage == 1)
            {
                told.Conventions.OnDeserialization(told.Instance);
            }
        }

        _told.Clear();
    }

    /// <summary>Reads a type that may appear in this graph.</summary>
    public Type ReadType(ref MessagePackReader reader)
    {
        if (reader.NextMessagePackType == MessagePackType.Integer)
        {
            var index = reader.ReadInt32();
            return (uint)index < (uint)_types.Count
                ? _types[index]
                : throw new BoundaryFormatException($"A type index is {index} of {_types.Count}.");
        }

        var type = Trust.FindType(Blocks.ReadUtf8(ref reader), Declared);
        _types.Add(type);
        return type;
    }

    /// <summary>Reads a function reference.</summary>
    public FunctionBinding ReadFunction(ref MessagePackReader reader)
    {
        if (reader.NextMessagePackType == MessagePackType.Integer)
        {
            var index = reader.ReadInt32();
            return (uint)index < (uint)_functions.Count
                ? _functions[index]
                : throw new BoundaryFormatException($"A function index is {index} of {_functions.Count}.");
        }

        var function = FunctionBinding.Decode(Blocks.ReadSpan(ref reader), this);
        Live.OnReceived(function.Method);
        _functions.Add(function);
        return function;
    }

    /// <summary>Checks the fingerprint of a layout the first time it is used in this graph.</summary>
    public void CheckLayout(ref MessagePackReader reader, Layout layout)
    {
        if (_layouts.Mark(layout) && reader.ReadUInt32() != layout.Fingerprint)
        {
            throw new BoundaryFormatException($"{TypeNames.Display(layout.Type)} has other fields in the other process: " +
                $"here it comes from {layout.Type.Assembly}. Deploy the same build of it to both sides.");
        }
    }

    /// <summary>Closes a number: the object's content is complete, but for what it reaches outside.</summary>
    public object End(int id, object value)
    {
        ref var entry = ref _entries[id];
        entry.Value = value;
        entry.Make = null;
        entry.IsOpen = false;
        entry.Lowest = _lowest < id ? _lowest : None;
        _lowest = Math.Min(entry.LowestOutside, entry.Lowest);
        return value;
    }

    private bool IsWhole(int id) => id < 0 || (!_entries[id].IsOpen && OpenReachableFrom(id) == None);

    private int OpenReachableFrom(int id)
    {
        var lowest = _entries[id].Lowest;
        while (lowest != None && !_entries[lowest].IsOpen)
        {
            lowest = _entries[lowest].Lowest;
        }

        return lowest;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private object ReadOnFreshStack(ref MessagePackReader reader, Serializer serializer, int id)
    {
        var rest = reader.Sequence.Slice(reader.Position);
        var depth = reader.Depth;
        object? value = null;
        long consumed = 0;
        FreshStack.Run(() =>
        {
            var further = new MessagePackReader(rest) { Depth = depth };
            value = serializer.Read(ref further, this, id);
            consumed = further.Consumed;
        });
        reader.ReadRaw(consumed);
        return value!;
    }

    // In three stages: 0 before it is told that the graph has been read, 1 before it is told that all others know, 2.
    private sealed class Told(int id, object instance, Conventions conventions)
    {
        public int Id => id;

        public object Instance => instance;

        public Conventions Conventions => conventions;

        public int Stage { get; set; }
    }

    private struct Entry
    {
        public object? Value;
        public Func<object>? Make;
        public int LowestOutside;
        public int Lowest;
        public bool IsOpen;
    }
}
