using System.Reflection;

namespace MultiProc.PackageTypes;

/// <summary>Compares two objects as their own type does, by their text, and by their public properties.</summary>
internal static class Comparison
{
    /// <summary>The first difference; null: there is none.</summary>
    public static string? Difference(object expected, object actual)
    {
        if (expected.GetType() != actual.GetType())
        {
            return $"it is a {actual.GetType()}";
        }

        if (HasOwnEquality(expected.GetType()) && !expected.Equals(actual))
        {
            return $"it is not equal: {Text(expected)} and {Text(actual)}";
        }

        if (HasOwnEquality(expected.GetType()) && expected.GetHashCode() != actual.GetHashCode())
        {
            return $"it has another hash code: {Text(expected)} and {Text(actual)}";
        }

        if (Text(expected) != Text(actual))
        {
            return $"its text is another one: {Text(expected)} and {Text(actual)}";
        }

        // Spare room is no part of the state.
        foreach (var property in expected.GetType().GetProperties(BindingFlags.Instance | BindingFlags.Public))
        {
            if (property.Name != "Capacity" && property.GetIndexParameters().Length == 0 && IsSimple(property.PropertyType) && Value(property, expected) is var one && Value(property, actual) is var other && !Equals(one, other))
            {
                return $"{property.Name} is {other ?? "null"} and not {one ?? "null"}";
            }
        }

        return null;
    }

    /// <summary>Whether two objects that were made alike are alike, so that one can be compared with another.</summary>
    public static bool IsRepeatable(object one, object other)
    {
        try
        {
            return Difference(one, other) is null;
        }
        catch (Exception)
        {
            // Its own code does not like to be asked.
            return false;
        }
    }

    public static bool HasOwnEquality(Type type) => type.GetMethod(nameof(Equals), [typeof(object)])?.DeclaringType is { } owner && owner != typeof(object) && owner != typeof(ValueType);

    private static bool IsSimple(Type type) => type.IsPrimitive || type.IsEnum || type == typeof(string) || type == typeof(decimal) || type == typeof(DateTime) || type == typeof(TimeSpan) || type == typeof(Guid);

    private static object? Value(PropertyInfo property, object instance)
    {
        try
        {
            return property.GetValue(instance);
        }
        catch (TargetInvocationException exception)
        {
            return exception.InnerException?.GetType();
        }
    }

    public static string? Text(object value)
    {
        try
        {
            return value.ToString();
        }
        catch (Exception exception)
        {
            return exception.GetType().Name;
        }
    }
}
