using System.Collections;
using System.Reflection;
using System.Runtime.CompilerServices;

namespace MultiProc.Boundary;

/// <summary>What a table enumerates: its keys, or pairs of keys and values.</summary>
internal sealed class TableItems
{
    private readonly Func<object, object?> _key;
    private readonly Func<object, object?> _value;

    private TableItems(Type item, Type key, Type? value, bool isPair, Func<object, object?> keyOf, Func<object, object?> valueOf)
    {
        (Item, Key, Value, IsPair, _key, _value) = (item, key, value, isPair, keyOf, valueOf);
    }

    /// <summary>The type of the items.</summary>
    public Type Item { get; }

    /// <summary>The type of the keys.</summary>
    public Type Key { get; }

    /// <summary>The type of the values; null when there are none, or it is not known.</summary>
    public Type? Value { get; }

    /// <summary>Whether items are pairs.</summary>
    public bool IsPair { get; }

    /// <summary>The key of an item that was enumerated.</summary>
    public object? KeyOf(object? item) => item is null ? null : _key(item);

    /// <summary>The value of an item that was enumerated.</summary>
    public object? ValueOf(object item) => _value(item);

    /// <summary>What objects of <paramref name="type"/> may enumerate; the likeliest first.</summary>
    public static IEnumerable<TableItems> Of(Type type)
    {
        var sequences = type.GetInterfaces().Where(static contract => contract.IsConstructedGenericType && contract.GetGenericTypeDefinition() == typeof(IEnumerable<>))
            .Select(static contract => contract.GetGenericArguments()[0]).ToArray();
        foreach (var item in sequences)
        {
            if (!item.IsConstructedGenericType)
            {
                continue;
            }

            var arguments = item.GetGenericArguments();
            if (item.GetGenericTypeDefinition() == typeof(KeyValuePair<,>))
            {
                yield return new TableItems(item, arguments[0], arguments[1], true, Getter(item.GetProperty("Key")!), Getter(item.GetProperty("Value")!));
            }
            else if (item.GetGenericTypeDefinition() == typeof(ValueTuple<,>) || item.GetGenericTypeDefinition() == typeof(Tuple<,>))
            {
                yield return new TableItems(item, arguments[0], arguments[1], true, static pair => ((ITuple)pair)[0], static pair => ((ITuple)pair)[1]);
            }
        }

        foreach (var item in sequences)
        {
            yield return new TableItems(item, item, null, false, static key => key, static key => key);
        }

        if (sequences.Length == 0 && typeof(IDictionary).IsAssignableFrom(type))
        {
            yield return new TableItems(typeof(DictionaryEntry), typeof(object), null, true, static entry => ((DictionaryEntry)entry).Key, static entry => ((DictionaryEntry)entry).Value);
        }
    }

    private static Func<object, object?> Getter(PropertyInfo property)
    {
        var getter = MethodInvoker.Create(property.GetMethod!);
        return instance => getter.Invoke(instance);
    }
}
