using System.Reflection;
using System.Runtime.CompilerServices;

namespace MultiProc.Boundary;

/// <summary>What makes up the state of a type, from its base class down: fields, and contents of framework base classes.</summary>
internal sealed class StatePlan
{
    private const BindingFlags OwnFields = BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly;

    private StatePlan(Type type, IReadOnlyList<StatePart> parts, string? refusal)
    {
        Type = type;
        Parts = parts;
        Refusal = refusal;
        Layout = new Layout(type, parts.Where(part => part.Field is not null).Select(part => part.Field!));
    }

    /// <summary>The type.</summary>
    public Type Type { get; }

    /// <summary>Its parts in the order in which they cross.</summary>
    public IReadOnlyList<StatePart> Parts { get; }

    /// <summary>Why objects of the type cannot cross; null when they can.</summary>
    public string? Refusal { get; }

    /// <summary>The fingerprint of the fields.</summary>
    public Layout Layout { get; }

    /// <summary>Whether it is a single field, whose owner tells the path which one.</summary>
    public bool IsField { get; private init; }

    /// <summary>Whether fields of the type are no part of its state.</summary>
    public bool HidesFields { get; private init; }

    /// <summary>Whether it is a struct that fields do not describe: a fixed buffer, a union, nothing at all. Its bytes do.</summary>
    public bool IsBlock => Type.IsValueType
        && (Parts.Count == 0 || Type.IsExplicitLayout || Type.StructLayoutAttribute is { Size: > 0 })
        && !HidesFields
        && !ContainsReferences(Type)
        && !Addresses.AreIn(Type);

    /// <summary>Makes the plan for <paramref name="type"/>.</summary>
    public static StatePlan For(Type type)
    {
        var parts = new List<StatePart>();
        var hasHidden = false;
        string? refusal = Finalizers.Of(type) is { } owner ? Finalizers.Reason(type, owner) : null;
        foreach (var level in Hierarchy(type))
        {
            if (Assemblies.IsFramework(level))
            {
                if (BuiltInCopies.HasInPlace(level))
                {
                    parts.Add(new StatePart(level, null));
                    continue;
                }

                var fields = level.GetFields(OwnFields);
                if (!FrameworkFields.MayCross(level) && (level == type || fields.Length > 0))
                {
                    refusal ??= Refusals.ForFramework(level, type);
                    break;
                }
            }

            hasHidden |= level.GetFields(OwnFields).Any(static field => !Crosses(field));
            var own = level.GetFields(OwnFields).Where(Crosses).OrderBy(field => field.MetadataToken);
            parts.AddRange(own.Select(field => new StatePart(level, field)));
        }

        return new StatePlan(type, refusal is null ? parts : [], refusal) { HidesFields = hasHidden };
    }

    /// <summary>The plan that consists of <paramref name="field"/> alone.</summary>
    public static StatePlan ForField(FieldInfo field) =>
        new(field.DeclaringType!, [new StatePart(field.DeclaringType!, field)], null) { IsField = true };

#pragma warning disable SYSLIB0050 // The attribute still says what its author meant: this field is not part of the state.
    private static bool Crosses(FieldInfo field) => !field.IsNotSerialized;
#pragma warning restore SYSLIB0050

    private static bool ContainsReferences(Type type) => (bool)typeof(RuntimeHelpers)
        .GetMethod(nameof(RuntimeHelpers.IsReferenceOrContainsReferences))!
        .MakeGenericMethod(type)
        .Invoke(null, null)!;

    private static Stack<Type> Hierarchy(Type type)
    {
        var levels = new Stack<Type>();
        for (var level = type; level is not null && level != typeof(object) && level != typeof(ValueType); level = level.BaseType)
        {
            levels.Push(level);
        }

        return levels;
    }
}

/// <summary>A field, or - when <paramref name="Field"/> is null - the content of the framework class <paramref name="Level"/>.</summary>
internal sealed record StatePart(Type Level, FieldInfo? Field)
{
    /// <summary>Whether the field points into this process's memory.</summary>
    public bool IsPointer => Field is { FieldType: { IsPointer: true } or { IsFunctionPointer: true } };

    /// <summary>Whether the field is declared to hold addresses as numbers, which only this process understands.</summary>
    public bool IsAddress => Field is not null && !IsPointer && Addresses.AreDeclaredBy(Field);

    /// <summary>Whether nothing of the field crosses.</summary>
    public bool IsLeftAlone => IsPointer || IsAddress;

    /// <summary>The part in a path: the name the user gave it, not the compiler.</summary>
    public string Segment => Field is null ? "" : MemberNames.Segment(Field);
}
