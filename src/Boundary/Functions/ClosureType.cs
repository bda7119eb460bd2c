using System.Reflection;

namespace MultiProc.Boundary;

/// <summary>A class that the compiler made to hold captured variables.</summary>
internal sealed class ClosureType : IPathPart
{
    private static readonly CodeCache<Type, ClosureType> Known = new();

    private ClosureType(Type type)
    {
        var fields = type.GetFields(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic);
        Array.Sort(fields, static (left, right) => left.MetadataToken.CompareTo(right.MetadataToken));
        Fields = [.. fields.Select(field => new ClosureField(field))];
        Layout = new Layout(type, fields);
    }

    /// <summary>The captured variables.</summary>
    public IReadOnlyList<ClosureField> Fields { get; }

    /// <summary>Their fingerprint.</summary>
    public Layout Layout { get; }

    /// <inheritdoc/>
    public string Segment(object? instance, int step) => Fields[step].Segment;

    /// <summary>Whether the compiler made <paramref name="type"/> for lambdas.</summary>
    public static bool Is(Type type) => GeneratedNames.IsClosure(type);

    /// <summary>The closure type's fields.</summary>
    public static ClosureType Of(Type type) => Known.GetOrAdd(type, static type => new ClosureType(type));
}

/// <summary>One captured variable, or the way to an outer closure.</summary>
internal sealed class ClosureField(FieldInfo field)
{
    private readonly Lazy<WriteState> _write = new(() => StateCompiler.CompileWrite<WriteState>(StatePlan.ForField(field)));
    private readonly Lazy<ReadState> _read = new(() => StateCompiler.CompileRead<ReadState>(StatePlan.ForField(field)));

    /// <summary>The field.</summary>
    public FieldInfo Field { get; } = field;

    /// <summary>Whether it leads to the closure of an enclosing scope.</summary>
    public bool IsOuterClosure { get; } = ClosureType.Is(field.FieldType);

    /// <summary>The variable's name in a path.</summary>
    public string Segment { get; } = ClosureType.Is(field.FieldType) ? "" : MemberNames.Segment(field);

    /// <summary>Writes the variable.</summary>
    public WriteState Write => _write.Value;

    /// <summary>Reads the variable.</summary>
    public ReadState Read => _read.Value;
}
