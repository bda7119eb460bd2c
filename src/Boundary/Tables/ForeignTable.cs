using System.Collections;
using System.Reflection;
using System.Text;

namespace MultiProc.Boundary;

/// <summary>
/// A hash table, or a set, that is not the framework's. Its copy holds every key where the other process put it, by a hash code that is often another one here:
/// those of strings and of objects without hash codes of their own differ from process to process. So it is asked for its keys, and built anew if it does not find them.
/// </summary>
internal sealed class ForeignTable
{
    /// <summary>How many keys a copy is asked for.</summary>
    public const int MaxAsked = 64;

    private static readonly HashSet<Type> StableKeys =
    [
        typeof(decimal), typeof(Guid), typeof(DateTime), typeof(DateTimeOffset), typeof(DateOnly), typeof(TimeOnly), typeof(TimeSpan), typeof(Rune),
    ];

    private readonly Type _type;
    private readonly TableItems _items;
    private readonly MethodInvoker _contains;

    private ForeignTable(Type type, TableItems items, MethodInfo contains)
    {
        _type = type;
        _items = items;
        _contains = MethodInvoker.Create(contains);
    }

    /// <summary>The table that objects of <paramref name="type"/> are; null: they are none, or their keys' hash codes are the same everywhere.</summary>
    public static ForeignTable? Of(Type type)
    {
        if (Assemblies.IsFramework(type) || !typeof(IEnumerable).IsAssignableFrom(type) || IsList(type) || !TableFields.MayHoldTable(type))
        {
            return null;
        }

        foreach (var items in TableItems.Of(type))
        {
            if (!IsStable(items.Key) && Contains(type, items) is { } contains)
            {
                return new ForeignTable(type, items, contains);
            }
        }

        return null;
    }

    /// <summary>Whether <paramref name="table"/> finds its first keys. What does not find them in its own process is no table that could be told by its keys.</summary>
    public bool FindsItsKeys(object table)
    {
        try
        {
            var asked = 0;
            foreach (var item in (IEnumerable)table)
            {
                if (_items.KeyOf(item) is { } key && (bool)_contains.Invoke(table, key)! is false)
                {
                    return false;
                }

                if (++asked == MaxAsked)
                {
                    break;
                }
            }

            return true;
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            // Its own code cannot look at the copy as it is; that is answer enough.
            return false;
        }
    }

    /// <summary>Sees to it that <paramref name="copy"/>, whose keys are complete, finds them.</summary>
    /// <exception cref="BoundaryException">It does not, and cannot be built anew.</exception>
    public void Settle(object copy)
    {
        if (FindsItsKeys(copy))
        {
            return;
        }

        if (TableFields.StateBesides(_type) is { } besides)
        {
            throw Refusal($"besides the table it has the field '{besides}', which only its own code could keep");
        }

        var content = new ArrayList();
        try
        {
            foreach (var item in (IEnumerable)copy)
            {
                content.Add(item);
            }
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            throw Refusal($"its items cannot be read: {exception.Message}");
        }

        if (!new TableBuilder(_type, _items).TryRebuild(copy, content, FindsItsKeys))
        {
            throw Refusal("no public constructor, Create method, builder or Add method of it makes one that finds the same items");
        }
    }

    private BoundaryException Refusal(string cause)
    {
        var name = TypeNames.Display(_type);
        return new BoundaryException("", _type, $"{name} cannot cross to another process: the hash codes of its keys differ from process to process, so its copy does not find them; "
            + $"and it cannot be built anew, because {cause}. Pass its items (ToArray()) or a Dictionary or HashSet, let the class build its table in an [OnDeserialized] method, "
            + "or give the pool a rule for it with WithSurrogate.");
    }

    private static bool IsList(Type type) => typeof(IList).IsAssignableFrom(type) || type.GetInterfaces().Any(static contract =>
        contract.IsConstructedGenericType && (contract.GetGenericTypeDefinition() == typeof(IList<>) || contract.GetGenericTypeDefinition() == typeof(IReadOnlyList<>)));

    private static bool IsStable(Type key) =>
        key.IsPrimitive || key.IsEnum || StableKeys.Contains(key) || (Nullable.GetUnderlyingType(key) is { } underlying && IsStable(underlying));

    private static MethodInfo? Contains(Type type, TableItems items)
    {
        foreach (var name in (string[])["ContainsKey", "Contains"])
        {
            // Two that differ in nothing but the names of their type parameters - in a map of both directions, say - tell nothing of the keys.
            var methods = type.GetMember(name, MemberTypes.Method, BindingFlags.Instance | BindingFlags.Public).Cast<MethodInfo>()
                .Where(method => method.ReturnType == typeof(bool) && !method.IsGenericMethodDefinition && method.GetParameters() is [{ ParameterType: var key }] && key == items.Key)
                .ToArray();
            if (methods.Length > 0 && Array.TrueForAll(methods, method => method.GetBaseDefinition() == methods[0].GetBaseDefinition() || method.DeclaringType != methods[0].DeclaringType))
            {
                return methods[0];
            }
        }

        Type[] contracts = items.IsPair
            ? items.Value is null ? [typeof(IDictionary)] : [typeof(IReadOnlyDictionary<,>).MakeGenericType(items.Key, items.Value), typeof(IDictionary<,>).MakeGenericType(items.Key, items.Value)]
            : [typeof(IReadOnlySet<>).MakeGenericType(items.Key), typeof(ISet<>).MakeGenericType(items.Key)];
        return contracts.FirstOrDefault(contract => contract.IsAssignableFrom(type)) is not { } known ? null
            : items.IsPair ? known.GetMethod(items.Value is null ? "Contains" : "ContainsKey")
            : known.GetMethod("Contains") ?? typeof(ICollection<>).MakeGenericType(items.Key).GetMethod("Contains");
    }
}
