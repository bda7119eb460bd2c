using System.Globalization;
using System.Reflection;
using System.Runtime.CompilerServices;

namespace MultiProc.PackageTypes;

/// <summary>
/// Makes objects of types about which nothing is known: by a constructor, a static member that gives one, or a factory, from simple arguments. Made twice, they are made alike.
/// </summary>
internal static class Maker
{
    private const int Deepest = 3;

    private static readonly Dictionary<Type, Func<object>> Simple = new()
    {
        // A new one each time: what compares texts by identity is then not equal to its like, and says nothing.
        [typeof(string)] = static () => new string("text"),
        [typeof(object)] = static () => new string("text"),
        [typeof(bool)] = static () => true,
        [typeof(char)] = static () => 'c',
        [typeof(decimal)] = static () => 2m,
        [typeof(DateTime)] = static () => new DateTime(2026, 11, 30, 12, 0, 0, DateTimeKind.Utc),
        [typeof(DateTimeOffset)] = static () => new DateTimeOffset(2026, 11, 30, 12, 0, 0, TimeSpan.Zero),
        [typeof(DateOnly)] = static () => new DateOnly(2026, 11, 30),
        [typeof(TimeOnly)] = static () => new TimeOnly(12, 0),
        [typeof(TimeSpan)] = static () => TimeSpan.FromMinutes(90),
        [typeof(Guid)] = static () => new Guid(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11),
        [typeof(Uri)] = static () => new Uri("https://example.org/a"),
        [typeof(Version)] = static () => new Version(1, 2),
        [typeof(Type)] = static () => typeof(int),
        [typeof(CultureInfo)] = static () => CultureInfo.InvariantCulture,
        [typeof(IFormatProvider)] = static () => CultureInfo.InvariantCulture,
        [typeof(System.Text.Encoding)] = static () => System.Text.Encoding.UTF8,
        [typeof(CancellationToken)] = static () => CancellationToken.None,
    };

    /// <summary>A way to make objects of <paramref name="type"/>, which has been tried; null: none is known.</summary>
    public static Func<object>? For(Type type) => Ways(type, 0).FirstOrDefault(Works);

    private static IEnumerable<Func<object>> Ways(Type type, int depth)
    {
        foreach (var constructor in type.GetConstructors().OrderBy(static constructor => Preference(constructor.GetParameters())))
        {
            if (ArgumentsOf(constructor, depth) is { } arguments)
            {
                yield return () => constructor.Invoke(BindingFlags.DoNotWrapExceptions, null, [.. arguments.Select(static make => make?.Invoke())], null);
            }
        }

        const BindingFlags Static = BindingFlags.Public | BindingFlags.Static | BindingFlags.DeclaredOnly;
        foreach (var field in type.GetFields(Static).Where(field => type.IsAssignableFrom(field.FieldType)))
        {
            yield return () => field.GetValue(null)!;
        }

        foreach (var property in type.GetProperties(Static).Where(property => type.IsAssignableFrom(property.PropertyType) && property.GetMethod?.IsPublic == true && property.GetIndexParameters().Length == 0))
        {
            yield return () => property.GetMethod!.Invoke(null, BindingFlags.DoNotWrapExceptions, null, null, null)!;
        }

        foreach (var method in type.GetMethods(Static)
            .Where(method => type.IsAssignableFrom(method.ReturnType) && !method.IsGenericMethodDefinition && !method.IsSpecialName && !method.GetParameters().Any(parameter => parameter.ParameterType == type))
            .OrderBy(static method => Preference(method.GetParameters())))
        {
            if (ArgumentsOf(method, depth) is { } arguments)
            {
                yield return () => method.Invoke(null, BindingFlags.DoNotWrapExceptions, null, [.. arguments.Select(static make => make?.Invoke())], null)!;
            }
        }

        if (type.IsValueType)
        {
            yield return () => RuntimeHelpers.GetUninitializedObject(type);
        }
    }

    /// <summary>One with state tells more than an empty one, and one of many parts is made less often.</summary>
    private static int Preference(ParameterInfo[] parameters) => parameters.Length == 0 ? 4 : parameters.Length;

    private static Func<object>?[]? ArgumentsOf(MethodBase method, int depth)
    {
        var parameters = method.GetParameters();
        if (depth >= Deepest || parameters.Length > 8)
        {
            return parameters.Length == 0 ? [] : null;
        }

        var arguments = new Func<object>?[parameters.Length];
        for (var i = 0; i < parameters.Length; i++)
        {
            if (Argument(parameters[i].ParameterType, depth) is { } argument)
            {
                arguments[i] = argument;
            }
            else if (!parameters[i].HasDefaultValue || parameters[i].ParameterType.IsValueType)
            {
                return null;
            }
        }

        return arguments;
    }

    private static Func<object>? Argument(Type type, int depth)
    {
        if (Simple.TryGetValue(type, out var simple))
        {
            return simple;
        }

        if (type.IsPrimitive)
        {
            return type == typeof(nint) || type == typeof(nuint) ? null : () => Convert.ChangeType(2, type, CultureInfo.InvariantCulture);
        }

        if (type.IsEnum)
        {
            return Enum.GetValues(type) is { Length: > 0 } values ? () => values.GetValue(values.Length / 2)! : null;
        }

        if (Nullable.GetUnderlyingType(type) is { } inner)
        {
            return Argument(inner, depth);
        }

        if (Element(type) is { } element)
        {
            if (Argument(element, depth + 1) is not { } item)
            {
                return null;
            }

            return () =>
            {
                var array = Array.CreateInstance(element, 2);
                array.SetValue(item(), 0);
                array.SetValue(item(), 1);
                return array;
            };
        }

        return type.IsByRef || type.IsByRefLike || type.IsPointer || type.IsAbstract || type.ContainsGenericParameters || typeof(Delegate).IsAssignableFrom(type) || depth >= Deepest - 1 || Sweep.HasEffects(type)
            ? null
            : Ways(type, depth + 1).FirstOrDefault(Works);
    }

    private static Type? Element(Type type) =>
        type.IsSZArray ? type.GetElementType()
        : type is { IsInterface: true, IsConstructedGenericType: true } && type.IsAssignableFrom(type.GetGenericArguments()[0].MakeArrayType()) ? type.GetGenericArguments()[0]
        : null;

    private static bool Works(Func<object> make)
    {
        try
        {
            return make() is not null;
        }
        catch (Exception)
        {
            // It wants other arguments.
            return false;
        }
    }
}
