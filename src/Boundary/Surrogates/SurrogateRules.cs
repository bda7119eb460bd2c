using System.Buffers;
using System.Runtime.CompilerServices;

namespace MultiProc.Boundary;

/// <summary>The rules of a pool for types that are not its user's. Thread-safe.</summary>
internal sealed class SurrogateRules : ILiveImports, ILiveExports
{
    private static readonly ConditionalWeakTable<Type, object> KnownHere = [];

    private readonly SurrogateRule[] _rules;
    private readonly CodeCache<Type, Finding> _found = new();

    /// <summary>These rules, of which no two are for the same type.</summary>
    public SurrogateRules(ReadOnlySpan<SurrogateRule> rules)
    {
        _rules = rules.ToArray();
        for (var i = 0; i < rules.Length; i++)
        {
            HasValues |= rules[i].Original.IsValueType;
            KnownHere.TryAdd(rules[i].Original, rules[i].Original);
        }
    }

    /// <summary>Whether a rule is for a struct.</summary>
    public bool HasValues { get; }

    // For graphs in which nothing crosses live, such as results.
    SurrogateRules ILiveImports.Rules => this;

    SurrogateRules ILiveExports.Rules => this;

    /// <summary>Whether a pool of this process has a rule for <paramref name="type"/>.</summary>
    public static bool AreKnownFor(Type type)
    {
        for (var level = type; level is not null; level = level.BaseType)
        {
            if (KnownHere.TryGetValue(level, out _))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Reads what <see cref="Encode"/> wrote; null: there are none.</summary>
    /// <param name="bytes">The bytes.</param>
    /// <param name="trust">What is accepted of whoever wrote them.</param>
    /// <exception cref="BoundaryFormatException">They are not the rules of a pool.</exception>
    public static SurrogateRules? Decode(ReadOnlyMemory<byte> bytes, Trust trust)
    {
        if (bytes.IsEmpty)
        {
            return null;
        }

        using var reader = new BoundaryReader(bytes, NoLive.Instance, trust);
        var functions = reader.Read<Delegate?[]>();
        if (functions is null || functions.Length % 2 != 0 || functions.Contains(null))
        {
            throw new BoundaryFormatException("The rules of the pool are incomplete.");
        }

        return new SurrogateRules([.. functions.Chunk(2).Select(static pair => SurrogateRule.TryCreate(pair[0]!, pair[1]!)
            ?? throw new BoundaryFormatException("A rule of the pool is not made of two functions."))]);
    }

    /// <summary>The rules as references to their functions, for a worker.</summary>
    public ReadOnlyMemory<byte> Encode()
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new BoundaryWriter(buffer, NoLive.Instance))
        {
            writer.Write<Delegate[]>([.. _rules.SelectMany(static rule => new[] { rule.Take, rule.Make })], "rules");
        }

        return buffer.WrittenMemory;
    }

    /// <summary>The rule for what is of exactly this type, else that of its nearest base class; null: none. What crosses live has none.</summary>
    public SurrogateRule? For(Type type) => (_found.TryGetValue(type, out var known) ? known : _found.Add(type, new Finding(Find(type)))).Rule;

    /// <summary>The rule for a struct; null: none.</summary>
    public IValueRule<T>? ForValue<T>() => For(typeof(T)) as IValueRule<T>;

    /// <summary>The number by which the other process knows <paramref name="rule"/>.</summary>
    public int NumberOf(SurrogateRule rule) => Array.IndexOf(_rules, rule);

    /// <summary>The rule of that number.</summary>
    public SurrogateRule Rule(int number) =>
        (uint)number < (uint)_rules.Length ? _rules[number] : throw new BoundaryFormatException($"A value crossed by rule {number} of {_rules.Length}.");

    int ILiveExports.ExportToken(CancellationToken token) => -1;

    int ILiveExports.ExportProgress(object progress, Type valueType) => -1;

    CancellationToken ILiveImports.ImportToken(int id) => NoLive.Instance.ImportToken(id);

    object ILiveImports.ImportProgress(int id, Type valueType) => NoLive.Instance.ImportProgress(id, valueType);

    private SurrogateRule? Find(Type type)
    {
        if (LiveSerializers.TryCreate(type) is not null)
        {
            return null;
        }

        for (var level = type; level is not null; level = level.BaseType)
        {
            foreach (var rule in _rules)
            {
                if (rule.Original == level)
                {
                    return rule;
                }
            }
        }

        return null;
    }

    /// <summary>The rule for a type; null: there is none.</summary>
    private sealed record Finding(SurrogateRule? Rule);
}
