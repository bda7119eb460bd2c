using System.Reflection;
using System.Runtime.CompilerServices;

namespace MultiProc.Boundary;

/// <summary>The comparers of a collection: without the one that it has it would be another collection, so it crosses with it or not at all.</summary>
internal static class HeldComparers
{
    private static readonly string[] Names = ["Comparer", "KeyComparer", "ValueComparer"];
    private static readonly ConditionalWeakTable<Type, PropertyInfo[]> Known = [];

    /// <summary>Why the receiver of <paramref name="graph"/> does not accept a comparer of <paramref name="value"/>; null: it does, or there is none.</summary>
    public static string? Objection(object value, GraphWriter graph)
    {
        foreach (var property in Known.GetValue(value.GetType(), static type => Find(type)))
        {
            if (property.GetValue(value) is { } comparer && graph.Objection(comparer, Serializers.For(comparer.GetType())) is { } objection)
            {
                return objection;
            }
        }

        return null;
    }

    // Those of the framework: a property of somebody else's might do anything.
    private static PropertyInfo[] Find(Type type) =>
    [
        .. type.GetProperties().Where(static property =>
            Names.Contains(property.Name) && property.GetIndexParameters().Length == 0 && property.CanRead && Assemblies.IsFramework(property.DeclaringType!)),
    ];
}
