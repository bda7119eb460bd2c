using System.Collections;
using System.Reflection;

namespace MultiProc.Boundary;

/// <summary>Builds a table anew of its items, in the ways that its author offers to everybody.</summary>
internal sealed class TableBuilder(Type type, TableItems items)
{
    private const BindingFlags Instance = BindingFlags.Instance | BindingFlags.Public;
    private const BindingFlags Static = BindingFlags.Static | BindingFlags.Public;

    private static readonly string[] FactoryNames = ["Create", "From", "Of", "Build"];

    /// <summary>Gives <paramref name="table"/> the state of one that was built of <paramref name="content"/>; false, and nothing has changed, when none finds its keys.</summary>
    public bool TryRebuild(object table, ArrayList content, Func<object, bool> finds)
    {
        var before = TableFields.Of(type).Select(field => (Field: field, Value: field.GetValue(table))).ToArray();
        foreach (var build in Ways(table, content, TableFields.ComparerOf(table)))
        {
            try
            {
                Clear(table, before);
                var built = build();
                if (built is not null && !ReferenceEquals(built, table))
                {
                    Take(table, built);
                }

                if (built is not null && Count(table) == content.Count && finds(table))
                {
                    return true;
                }
            }
            catch (Exception exception) when (exception is not OutOfMemoryException)
            {
                // This way does not lead there; perhaps another one does.
            }

            foreach (var (field, value) in before)
            {
                field.SetValue(table, value);
            }
        }

        return false;
    }

    // Each leaves the state in the table itself, for which no constructor has run, or returns another object that has it.
    private IEnumerable<Func<object?>> Ways(object table, ArrayList content, object? comparer)
    {
        foreach (var constructor in type.GetConstructors(Instance).OrderBy(static constructor => constructor.GetParameters().Length))
        {
            if (Arguments(constructor.GetParameters(), content, comparer, needsItems: true) is { } arguments)
            {
                yield return () => Construct(table, constructor, arguments);
            }
        }

        foreach (var factory in Factories())
        {
            if (Arguments(factory.GetParameters(), content, comparer, needsItems: true) is { } arguments)
            {
                yield return () => factory.Invoke(null, arguments);
            }
        }

        foreach (var constructor in type.GetConstructors(Instance).OrderBy(static constructor => constructor.GetParameters().Length))
        {
            if (Arguments(constructor.GetParameters(), content, comparer, needsItems: false) is { } arguments)
            {
                yield return () => Fill(Construct(table, constructor, arguments), content);
            }
        }

        if (comparer is null && Empty() is { } empty)
        {
            yield return () => Fill(empty, content);
            yield return () => empty.GetType().GetMethod("ToBuilder", Instance, [])?.Invoke(empty, null) is { } builder
                ? Build(Fill(builder, content))
                : null;
        }
    }

    private static object? Build(object builder) => (builder.GetType().GetMethod("ToImmutable", Instance, []) ?? builder.GetType().GetMethod("Build", Instance, []))?.Invoke(builder, null);

    private static object Construct(object table, ConstructorInfo constructor, object?[] arguments)
    {
        constructor.Invoke(table, BindingFlags.DoNotWrapExceptions, null, arguments, null);
        return table;
    }

    private object? Empty() => type.GetProperty("Empty", Static) is { } property && property.PropertyType == type ? property.GetValue(null)
        : type.GetField("Empty", Static) is { } field && field.FieldType == type ? field.GetValue(null)
        : null;

    // CreateRange(items) and its like: of the type itself, or of the static class beside it that has its name.
    private IEnumerable<MethodInfo> Factories()
    {
        foreach (var method in type.GetMethods(Static).Where(method => method.ReturnType == type && !method.IsGenericMethodDefinition && IsFactory(method)))
        {
            yield return method;
        }

        var definition = type.IsConstructedGenericType ? type.GetGenericTypeDefinition() : type;
        if (type.IsConstructedGenericType && definition.FullName is { } name && type.Assembly.GetType(name[..name.IndexOf('`', StringComparison.Ordinal)]) is { } companion)
        {
            var arguments = type.GetGenericArguments();
            foreach (var method in companion.GetMethods(Static).Where(method => method.IsGenericMethodDefinition && method.GetGenericArguments().Length == arguments.Length && IsFactory(method)))
            {
                if (TryMake(method, arguments) is { } made && made.ReturnType == type)
                {
                    yield return made;
                }
            }
        }
    }

    private static bool IsFactory(MethodInfo method) => FactoryNames.Any(name => method.Name.StartsWith(name, StringComparison.Ordinal));

    private static MethodInfo? TryMake(MethodInfo method, Type[] arguments)
    {
        try
        {
            return method.MakeGenericMethod(arguments);
        }
        catch (ArgumentException)
        {
            // Its constraints are others.
            return null;
        }
    }

    /// <summary>Arguments of which a table is made that has the comparer; null when these parameters ask for anything else.</summary>
    private object?[]? Arguments(ParameterInfo[] parameters, ArrayList content, object? comparer, bool needsItems)
    {
        var arguments = new object?[parameters.Length];
        var hasItems = false;
        var hasComparer = false;
        for (var i = 0; i < parameters.Length; i++)
        {
            var parameter = parameters[i].ParameterType;
            if (!hasItems && needsItems && AsParameter(parameter, content) is { } given)
            {
                (hasItems, arguments[i]) = (true, given);
            }
            else if (!hasComparer && comparer is not null && parameter.IsInstanceOfType(comparer) && parameter != typeof(object))
            {
                (hasComparer, arguments[i]) = (true, comparer);
            }
            else if (parameters[i].HasDefaultValue)
            {
                arguments[i] = parameters[i].DefaultValue;
            }
            else
            {
                return null;
            }
        }

        return hasItems == needsItems && (hasComparer || comparer is null) ? arguments : null;
    }

    private object? AsParameter(Type parameter, ArrayList content)
    {
        var array = content.ToArray(items.Item);
        if (parameter.IsInstanceOfType(array) && parameter != typeof(object))
        {
            return array;
        }

        if (!items.IsPair || items.Value is null || parameter == typeof(object))
        {
            return null;
        }

        var dictionary = (IDictionary)Activator.CreateInstance(typeof(Dictionary<,>).MakeGenericType(items.Key, items.Value))!;
        if (!parameter.IsInstanceOfType(dictionary))
        {
            return null;
        }

        foreach (var item in content)
        {
            dictionary.Add(items.KeyOf(item)!, items.ValueOf(item!));
        }

        return dictionary;
    }

    /// <summary>Adds the items one by one; what is immutable gives a new one each time.</summary>
    private object Fill(object target, ArrayList content)
    {
        var add = Add(target.GetType()) ?? throw new MissingMethodException(target.GetType().Name, "Add");
        var takesPair = add.GetParameters().Length == 2;
        foreach (var item in content)
        {
            var returned = add.Invoke(target, takesPair ? [items.KeyOf(item), items.ValueOf(item!)] : [item]);
            if (returned is not null && returned.GetType() == target.GetType())
            {
                target = returned;
            }
        }

        return target;
    }

    private MethodInfo? Add(Type target)
    {
        foreach (var name in (string[])["Add", "TryAdd"])
        {
            var method = items.IsPair && items.Value is not null ? target.GetMethod(name, Instance, [items.Key, items.Value]) : null;
            if ((method ?? target.GetMethod(name, Instance, [items.Item])) is { } found)
            {
                return found;
            }
        }

        return items.IsPair && items.Value is null && typeof(IDictionary).IsAssignableFrom(target) ? typeof(IDictionary).GetMethod("Add") : null;
    }

    private static int Count(object table)
    {
        var count = 0;
        foreach (var _ in (IEnumerable)table)
        {
            count++;
        }

        return count;
    }

    private static void Clear(object table, (FieldInfo Field, object? Value)[] fields)
    {
        foreach (var (field, _) in fields)
        {
            field.SetValue(table, null);
        }
    }

    private void Take(object table, object built)
    {
        if (built.GetType() != type)
        {
            throw new InvalidCastException();
        }

        foreach (var field in TableFields.Of(type))
        {
            field.SetValue(table, field.GetValue(built));
        }
    }
}
