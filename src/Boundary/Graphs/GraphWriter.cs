using System.Buffers;
using System.Collections;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using MessagePack;

namespace MultiProc.Boundary;

/// <summary>The state of one graph while it is written: which objects, types and functions were met, and where the writer stands.</summary>
internal sealed class GraphWriter
{
    /// <summary>What one message can hold: the receiver reads it from one contiguous buffer.</summary>
    public const long MaxBytes = 0x7FFF_0000;

    private const int MaxLeftOut = 100;

    [ThreadStatic]
    private static GraphWriter? _idle;

    private readonly IdentityTable _objects = new();
    private readonly Dictionary<Type, int> _types = [];
    private readonly Dictionary<FunctionReference, int> _functions = [];
    private readonly LayoutMarks _layouts = new();
    private IBufferWriter<byte> _output = null!;
    private readonly Dictionary<object, bool[]> _closures = new(ReferenceEqualityComparer.Instance);
    private List<(object Value, Conventions Conventions)>? _toTell;
    private SurrogateRule[]? _chain;
    private long _blockBytes;
    private int _unreferable;
    private int _level;
    private WritingOptions? _options;

    private GraphWriter()
    {
    }

    /// <summary>What crosses live.</summary>
    public ILiveExports Live { get; private set; } = null!;

    /// <summary>The rules of the pool; null: none.</summary>
    public SurrogateRules? Rules { get; private set; }

    /// <summary>The rules of the pool if any is for a struct; else null.</summary>
    public SurrogateRules? ValueRules { get; private set; }

    /// <summary>Where the writer stands, for refusals.</summary>
    public PathStack Path { get; } = new();

    /// <summary>The options that carry this graph through MessagePack's own formatters.</summary>
    public MessagePackSerializerOptions Options => _options ??= new WritingOptions(this);

    /// <summary>Whether members that cannot cross are left out (an exception on its way home) instead of refusing the graph.</summary>
    public bool LeavesOut { get; set; }

    /// <summary>The paths to what was left out; null: nothing was.</summary>
    public List<string>? LeftOut { get; private set; }

    /// <summary>What the receiver accepts; null: everything, or it is not known here, and then the receiver alone decides.</summary>
    public Trust? Receiver { get; set; }

    /// <summary>The called function, if it is written with this graph.</summary>
    public FunctionReference? Called { get; set; }

    /// <summary>The exception whose inner exceptions travel separately, beside this graph.</summary>
    public Exception? Detached { get; set; }

    /// <summary>Takes an idle graph of this thread, or a new one.</summary>
    public static GraphWriter Rent(IBufferWriter<byte> output, ILiveExports live)
    {
        var graph = _idle ?? new GraphWriter();
        _idle = null;
        graph._output = output;
        graph.Live = live;
        graph.Rules = live.Rules;
        graph.ValueRules = graph.Rules is { HasValues: true } rules ? rules : null;
        return graph;
    }

    /// <summary>Forgets the graph and keeps the tables for the next one.</summary>
    public void Return()
    {
        _toTell = null;
        _chain = null;
        Rules = ValueRules = null;
        _objects.Clear();
        _types.Clear();
        _functions.Clear();
        _layouts.Clear();
        _closures.Clear();
        _output = null!;
        Live = null!;
        Path.Clear();
        LeavesOut = false;
        LeftOut = null;
        Receiver = null;
        Called = null;
        Detached = null;
        _blockBytes = 0;
        _unreferable = 0;
        _level = 0;
        _idle = this;
    }

    /// <summary>Writes <paramref name="value"/> into a slot of static type <paramref name="slot"/>.</summary>
    public void WriteObject(ref MessagePackWriter writer, object value, Serializer serializer, Type slot)
    {
        if (serializer.HasIdentity && !_objects.TryAdd(value, out var id))
        {
            RefuseIfUnreferable(value);
            writer.Write(id);
            return;
        }

        if (serializer.WireType == slot)
        {
            writer.Write(false);
        }
        else
        {
            serializer.RequireAssignable(slot, this);
            writer.Write(true);
            WriteType(ref writer, serializer.WireType);
        }

        WriteContent(ref writer, value, serializer);
    }

    /// <summary>Writes what crosses instead of <paramref name="value"/> by a rule of the pool.</summary>
    public void WriteSurrogate(ref MessagePackWriter writer, object value, SurrogateRule rule)
    {
        if (!_objects.TryAdd(value, out var id))
        {
            RefuseIfUnreferable(value);
            writer.Write(id);
            return;
        }

        writer.WriteArrayHeader(1);
        writer.Write(Rules!.NumberOf(rule));
        WriteContent(ref writer, value, rule.Serializer);
    }

    /// <summary>The next object to be written stands for the one that is being written; these rules have led to it.</summary>
    public void BeginChain(SurrogateRule[] rules) => _chain = rules;

    /// <summary>The rules that have led to the object that is being written; none: it stands for itself.</summary>
    public SurrogateRule[] TakeChain()
    {
        var chain = _chain;
        _chain = null;
        return chain ?? [];
    }

    /// <summary>Whether values of type <typeparamref name="T"/> cross by a rule of the pool.</summary>
    public bool IsRuled<T>() => ValueRules is { } rules && rules.ForValue<T>() is not null;

    /// <summary>Writes the content of an object that has just got its number, on a fresh stack if this one runs short.</summary>
    public void WriteContent(ref MessagePackWriter writer, object value, Serializer serializer)
    {
        if (_level >= GraphReader.MaxDepth)
        {
            throw Refusal(serializer.WireType, $"objects are nested deeper than {GraphReader.MaxDepth:N0}. Pass them side by side, in a list.");
        }

        Path.Push(serializer, value);
        _unreferable += serializer.CanBeReferredToWhileRead ? 0 : 1;
        if (FreshStack.IsEnough(_level++))
        {
            serializer.Write(ref writer, value, this);
        }
        else
        {
            WriteOnFreshStack(ref writer, value, serializer);
        }

        _level--;
        _unreferable -= serializer.CanBeReferredToWhileRead ? 0 : 1;
        Path.Pop();
    }

    /// <summary>Numbers an object; false, with its number, when it was met before.</summary>
    public bool TryAdd(object value, out int id) => _objects.TryAdd(value, out id);

    /// <summary>Writes a type: by name when met for the first time, else by index.</summary>
    public void WriteType(ref MessagePackWriter writer, Type type)
    {
        if (_types.TryGetValue(type, out var index))
        {
            writer.Write(index);
            return;
        }

        _types.Add(type, _types.Count);
        var name = TypeNames.Encode(type) ?? throw Refusal(type, "it is defined in an assembly that only this process has. " +
            "Use a type of an assembly that is deployed with the application.");
        writer.WriteString(name);
    }

    /// <summary>Writes a function reference: in full when met for the first time, else by index.</summary>
    public void WriteFunction(ref MessagePackWriter writer, FunctionReference function)
    {
        if (_functions.TryGetValue(function, out var index))
        {
            writer.Write(index);
            return;
        }

        _functions.Add(function, _functions.Count);
        writer.Write(function.Encoded);
        if (function != Called)
        {
            Live.OnSending(function);
        }
    }

    /// <summary>Writes the fingerprint of a layout the first time it is used in this graph.</summary>
    public void WriteLayout(ref MessagePackWriter writer, Layout layout)
    {
        if (_layouts.Mark(layout))
        {
            writer.WriteUInt32(layout.Fingerprint);
        }
    }

    /// <summary>Which of the <paramref name="count"/> captured variables of <paramref name="closure"/> have been written.</summary>
    public bool[] WrittenOf(object closure, int count)
    {
        ref var written = ref CollectionsMarshal.GetValueRefOrAddDefault(_closures, closure, out _);
        return written ??= new bool[count];
    }

    /// <summary>Counts a raw block and refuses what no message can hold.</summary>
    public void CountBlock(long bytes, Type type)
    {
        _blockBytes += bytes;
        if (_blockBytes > MaxBytes)
        {
            throw Refusal(type, $"the call would carry {_blockBytes:N0} bytes and one message holds at most {MaxBytes:N0}. " +
                "Pass it in parts, or put it into a SharedArray.");
        }
    }

    /// <summary>The exception for a value that cannot cross, with the path to where the writer stands.</summary>
    public BoundaryException Refusal(Type type, string reason)
    {
        var path = Path.ToString() is { Length: > 0 } text ? text : "function";
        var note = Path.Note();
        return new BoundaryException(path, type, $"{path} cannot cross to another process: {TypeNames.Display(type)}: {reason}{note}");
    }

    /// <summary>Leaves a value out where that is allowed; the caller writes nothing in its place. Otherwise refuses.</summary>
    public void LeaveOut(Type type, string reason)
    {
        if (!LeavesOut)
        {
            throw Refusal(type, reason);
        }

        NoteLeftOut();
    }

    /// <summary>Why the receiver would not accept <paramref name="value"/>; null: it would, as far as is known here.</summary>
    public string? Objection(object value, Serializer serializer)
    {
        if (!Receiver!.MayName(serializer.WireType, declared: null))
        {
            return Trust.ReasonAgainst(serializer.WireType);
        }

        return serializer.Objection(value, this) ?? (value is IEnumerable ? HeldComparers.Objection(value, this) : null);
    }

    /// <summary>Leaves a value out where that is allowed; otherwise throws <paramref name="refusal"/>.</summary>
    public void LeaveOut(BoundaryException refusal)
    {
        if (!LeavesOut)
        {
            throw refusal;
        }

        NoteLeftOut();
    }

    private void NoteLeftOut()
    {
        LeftOut ??= [];
        if (LeftOut.Count < MaxLeftOut)
        {
            LeftOut.Add(Path.ToString());
        }
    }

    /// <summary>An object wants to be told when the graph has been written.</summary>
    public void NoteWritten(object value, Conventions conventions) => (_toTell ??= []).Add((value, conventions));

    /// <summary>Tells those who wanted to know that the graph has been written, or has been refused.</summary>
    public void TellWritten()
    {
        if (_toTell is { } toTell)
        {
            _toTell = null;
            foreach (var (value, conventions) in toTell)
            {
                conventions.OnSerialized(value, this);
            }
        }
    }

    private void RefuseIfUnreferable(object value)
    {
        if (_unreferable > 0 && Path.FindOpen(value) is { CanBeReferredToWhileRead: false } serializer)
        {
            throw Refusal(serializer.WireType, "it contains itself, and an object of this type exists only once its content is known. " +
                "Break the cycle, or use a mutable collection.");
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    [SuppressMessage("Reliability", "CA2000", Justification = "Nothing to dispose.")]
    private void WriteOnFreshStack(ref MessagePackWriter writer, object value, Serializer serializer)
    {
        writer.Flush();
        FreshStack.Run(() =>
        {
            var further = new MessagePackWriter(_output);
            serializer.Write(ref further, value, this);
            further.Flush();
        });
        writer = new MessagePackWriter(_output);
    }
}
