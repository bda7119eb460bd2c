using System.Collections;
using System.Reflection;

#pragma warning disable SYSLIB0050 // The attribute still says what its author meant: this field is not part of the state.

namespace MultiProc.Boundary;

/// <summary>What the fields of a type tell about whether it is a table, and nothing but a table.</summary>
internal static class TableFields
{
    private const BindingFlags OwnFields = BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly;
    private const int MaxLevels = 4;

    /// <summary>Whether there is anything that may hold buckets or nodes. What keeps its items in the framework's collections is no table itself.</summary>
    public static bool MayHoldTable(Type type) => Of(type).Any(static field => field.FieldType.IsArray || IsNode(field.FieldType));

    /// <summary>The first field that is neither an array, a number or a comparer, nor of a type that the table's assembly keeps to itself; null: there is none.</summary>
    public static string? StateBesides(Type type) => Of(type)
        .FirstOrDefault(field => field.DeclaringType!.IsDefined(typeof(System.Runtime.CompilerServices.CompilerGeneratedAttribute), false) || !IsPartOfTable(field.FieldType, type.Assembly))
        ?.Name;

    /// <summary>The comparer that the table, or a part of it, uses: null where that is the default one, or none.</summary>
    public static object? ComparerOf(object table)
    {
        var comparers = new List<object>();
        Collect(table, table.GetType().Assembly, comparers, new HashSet<object>(ReferenceEqualityComparer.Instance), MaxLevels);
        return comparers.FirstOrDefault();
    }

    /// <summary>The fields of all levels, those of the framework's included.</summary>
    public static IEnumerable<FieldInfo> Of(Type type)
    {
        for (var level = type; level is not null && level != typeof(object) && level != typeof(ValueType); level = level.BaseType)
        {
            foreach (var field in level.GetFields(OwnFields).Where(static field => !field.IsNotSerialized))
            {
                yield return field;
            }
        }
    }

    private static bool IsNode(Type type) =>
        !type.IsPrimitive && !type.IsEnum && !type.IsPointer && !type.IsFunctionPointer && !Assemblies.IsFramework(type) && !typeof(Delegate).IsAssignableFrom(type) && !IsComparer(type);

    private static bool IsPartOfTable(Type field, Assembly assembly) =>
        field.IsArray || field.IsPrimitive || field == typeof(decimal) || IsComparer(field) || (!field.IsVisible && Definition(field).Assembly == assembly);

    private static Type Definition(Type type) => type.IsConstructedGenericType ? type.GetGenericTypeDefinition() : type;

    private static bool IsComparer(Type type) => typeof(IEqualityComparer).IsAssignableFrom(type) || typeof(IComparer).IsAssignableFrom(type)
        || type.GetInterfaces().Prepend(type).Any(static contract => contract.IsConstructedGenericType
            && (contract.GetGenericTypeDefinition() == typeof(IEqualityComparer<>) || contract.GetGenericTypeDefinition() == typeof(IComparer<>)));

    private static bool IsDefault(object comparer)
    {
        var type = comparer.GetType();
        foreach (var definition in (Type[])[typeof(EqualityComparer<>), typeof(Comparer<>)])
        {
            for (var level = type; level is not null; level = level.BaseType)
            {
                if (level.IsConstructedGenericType && level.GetGenericTypeDefinition() == definition)
                {
                    return definition.MakeGenericType(level.GetGenericArguments()).GetProperty("Default")!.GetValue(null)!.GetType() == type;
                }
            }
        }

        return type.IsValueType;
    }

    private static void Collect(object owner, Assembly assembly, List<object> comparers, HashSet<object> seen, int levels)
    {
        foreach (var field in Of(owner.GetType()))
        {
            if (IsComparer(field.FieldType))
            {
                if (field.GetValue(owner) is { } comparer && !IsDefault(comparer))
                {
                    comparers.Add(comparer);
                }
            }
            else if (levels > 0 && !field.FieldType.IsArray && !field.FieldType.IsPrimitive && Definition(field.FieldType).Assembly == assembly
                && field.GetValue(owner) is { } part && (part.GetType().IsValueType || seen.Add(part)))
            {
                Collect(part, assembly, comparers, seen, levels - 1);
            }
        }
    }
}
