using System.Collections.Frozen;
using System.Reflection;
using MessagePack;

namespace MultiProc.Boundary;

/// <summary>
/// The objects of a class that are known by what they are, not by what they hold: those in its own static fields, where only the class itself can make more, and none of them changes.
/// This is how enumerations are written as classes, and they are compared by identity. Each process has its own.
/// </summary>
internal sealed class Constants
{
    private const BindingFlags OwnFields = BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly;
    private const BindingFlags StaticFields = BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly;

    private readonly FieldInfo[] _constants;
    private readonly FieldInfo[] _state;
    private readonly bool _areFixed;
    private FrozenDictionary<object, string>? _names;

    private Constants(FieldInfo[] constants, FieldInfo[] state)
    {
        _constants = constants;
        _state = state;
        _areFixed = Array.TrueForAll(constants, static field => field.IsInitOnly);
    }

    /// <summary>The constants of <paramref name="type"/>; null: it has none, or says itself which of its objects are equal.</summary>
    public static Constants? Of(Type type)
    {
        if (type.GetConstructors().Length > 0 || type.GetMethod(nameof(Equals), [typeof(object)])?.DeclaringType != typeof(object))
        {
            return null;
        }

        List<FieldInfo> constants = [];
        List<FieldInfo> state = [];
        for (var level = type; level is not null && level != typeof(object); level = level.BaseType)
        {
            if (Assemblies.IsFramework(level))
            {
                return null;
            }

            constants.AddRange(level.GetFields(StaticFields).Where(field => !field.IsLiteral && field.FieldType.IsAssignableFrom(type) && !Assemblies.IsFramework(field.FieldType)));
            state.AddRange(level.GetFields(OwnFields));
        }

        return constants.Count > 0 && state.TrueForAll(static field => field.IsInitOnly) ? new Constants([.. constants], [.. state]) : null;
    }

    /// <summary>The name of the constant that <paramref name="value"/> is; null: it is none.</summary>
    public string? NameOf(object value) => _areFixed
        ? (_names ??= Names()).GetValueOrDefault(value)
        : Array.Find(_constants, field => ReferenceEquals(field.GetValue(null), value))?.Name;

    /// <summary>The constant of that name, if it holds what <paramref name="copy"/> holds; else <paramref name="copy"/> itself.</summary>
    public object Find(string name, object copy) =>
        Array.Find(_constants, field => field.Name == name)?.GetValue(null) is { } constant
            && constant.GetType() == copy.GetType()
            && Array.TrueForAll(_state, field => Equals(field.GetValue(constant), field.GetValue(copy)))
            ? constant
            : copy;

    private FrozenDictionary<object, string> Names()
    {
        var names = new Dictionary<object, string>(ReferenceEqualityComparer.Instance);
        foreach (var field in _constants)
        {
            if (field.GetValue(null) is { } constant)
            {
                names.TryAdd(constant, field.Name);
            }
        }

        return names.ToFrozenDictionary(ReferenceEqualityComparer.Instance);
    }
}

/// <summary>Objects of a class with constants: one that is a constant here is that constant there, if it holds the same.</summary>
internal sealed class ConstantSerializer(StatePlan plan, Constants constants) : Serializer(plan.Type)
{
    private readonly StateSerializer _state = new(plan);

    public override void Write(ref MessagePackWriter writer, object value, GraphWriter graph)
    {
        writer.Write(constants.NameOf(value));
        _state.Write(ref writer, value, graph);
    }

    public override object Read(ref MessagePackReader reader, GraphReader graph, int id)
    {
        var name = reader.ReadString();
        var copy = _state.Read(ref reader, graph, id);
        return name is null ? copy : constants.Find(name, copy);
    }

    public override string Segment(object? instance, int step) => _state.Segment(instance, step);
}
