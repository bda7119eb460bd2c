using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json.Serialization.Metadata;

namespace MultiProc.Host.Functions;

/// <summary>
/// Refuses to write a result of which JSON would keep something back. The serializer itself leaves out in silence what a derived type adds to its declared type,
/// fields that no property shows, and the properties of a sequence.
/// </summary>
internal static class JsonFidelity
{
    private const BindingFlags OwnFields = BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly;

    // What is known of a sequence when its items are.
    private static readonly HashSet<string> OfItems = new(StringComparer.Ordinal)
    {
        "Capacity", "Comparer", "Count", "IsDefault", "IsDefaultOrEmpty", "IsEmpty", "IsFixedSize", "IsReadOnly", "IsSynchronized", "KeyComparer", "Keys", "Length",
        "LongLength", "Max", "Min", "Rank", "SyncRoot", "ValueComparer", "Values",
    };

    /// <summary>Adds the checks to a type's contract.</summary>
    public static void Check(JsonTypeInfo contract)
    {
        switch (contract.Kind)
        {
            case JsonTypeInfoKind.Object:
                contract.OnSerializing = ObjectCheck(contract);
                break;
            case JsonTypeInfoKind.Enumerable or JsonTypeInfoKind.Dictionary:
                contract.OnSerializing = CheckItems;
                break;
        }
    }

    private static Action<object> ObjectCheck(JsonTypeInfo contract)
    {
        var hidesAll = contract.Type == typeof(StringBuilder) || (StateOf(contract.Type) is { } state && !state.Exists(field => IsShown(field, contract)));
        var shownNothing = contract.PolymorphismOptions is null && hidesAll
            ? $"JSON shows nothing of the state of {TypeLabel.Of(contract.Type)}."
            : null;
        return value =>
        {
            if (shownNothing is not null)
            {
                throw new NotSupportedException(shownNothing);
            }

            var type = value.GetType();
            if (type != contract.Type && contract.PolymorphismOptions is null && HidesState(type, contract))
            {
                throw new NotSupportedException(
                    $"A {TypeLabel.Of(type)} stands where {TypeLabel.Of(contract.Type)} is declared, and JSON would show only what {TypeLabel.Of(contract.Type)} has.");
            }
        };
    }

    private static void CheckItems(object sequence)
    {
        if (HiddenProperties.GetValue(sequence.GetType(), static type => new StrongBox<string?>(FindHidden(type))).Value is { } hidden)
        {
            throw new NotSupportedException($"JSON shows the items of a {TypeLabel.Of(sequence.GetType())}, and not its {hidden}.");
        }
    }

    private static readonly ConditionalWeakTable<Type, StrongBox<string?>> HiddenProperties = [];

    // Of a list that a program has derived, or a sequence of its own: a property that holds something, and is not computed from the items.
    private static string? FindHidden(Type type)
    {
        var state = StateOf(type) ?? [];
        return type.GetProperties(BindingFlags.Public | BindingFlags.Instance)
            .FirstOrDefault(property => !IsFrameworks(property.DeclaringType!)
                && property.GetIndexParameters().Length == 0
                && !OfItems.Contains(property.Name)
                && (property.SetMethod is not null || state.Exists(field => NameOf(field).Equals(property.Name, StringComparison.OrdinalIgnoreCase))))?.Name;
    }

    private static bool IsFrameworks(Type type) => type.Namespace is { } name && (name == "System" || name.StartsWith("System.", StringComparison.Ordinal));

    private static bool HidesState(Type type, JsonTypeInfo declared)
    {
        try
        {
            return JsonText.Writing.GetTypeInfo(type).Properties.Count > declared.Properties.Count;
        }
        catch (Exception exception) when (exception is InvalidOperationException or NotSupportedException)
        {
            // The serializer cannot describe the type, so it has something that JSON cannot show.
            return true;
        }
    }

    private static List<FieldInfo>? StateOf(Type type)
    {
        var fields = new List<FieldInfo>();
        for (var level = type; level is not null && level != typeof(object); level = level.BaseType)
        {
            fields.AddRange(level.GetFields(OwnFields));
        }

        return fields.Count == 0 ? null : fields;
    }

    // A field is shown if it is a member of the contract, backs an auto-property, or is named after a property.
    private static bool IsShown(FieldInfo field, JsonTypeInfo contract)
    {
        var name = NameOf(field);
        return contract.Properties.Any(property =>
            property.Get is not null && property.AttributeProvider is MemberInfo member
            && (member == field || member.Name.Equals(name, StringComparison.OrdinalIgnoreCase)));
    }

    // As C# (backing fields, _name, m_name) and F# (name@) name the fields behind properties.
    private static string NameOf(FieldInfo field)
    {
        var name = field.Name;
        return name.StartsWith('<') ? name[1..name.IndexOf('>', StringComparison.Ordinal)]
            : name.StartsWith("m_", StringComparison.Ordinal) ? name[2..]
            : name.TrimStart('_').TrimEnd('@');
    }
}
