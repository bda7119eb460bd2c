using System.Collections;
using System.Reflection;
using System.Text;

#pragma warning disable SYSLIB0050

namespace MultiProc.Unit.Boundary;

/// <summary>
/// Compares two graphs: same runtime types, same values, same shape - where one graph meets an object again, the other must, too.
/// It looks at fields, and at the content of collections whose fields depend on the process.
/// </summary>
internal sealed class DeepEquality
{
    private readonly Dictionary<object, object> _pairs = new(ReferenceEqualityComparer.Instance);
    private readonly Queue<(object? Left, object? Right, string Path)> _pending = [];

    /// <summary>The path of the first difference, or null.</summary>
    public static string? Difference(object? left, object? right) => new DeepEquality().Compare(left, right);

    public static void Assert(object? expected, object? actual) => Xunit.Assert.Null(Difference(expected, actual));

    private string? Compare(object? left, object? right)
    {
        _pending.Enqueue((left, right, "value"));
        while (_pending.TryDequeue(out var next))
        {
            if (CompareOne(next.Left, next.Right, next.Path) is { } difference)
            {
                return difference;
            }
        }

        return null;
    }

    private string? CompareOne(object? left, object? right, string path)
    {
        if (left is null || right is null)
        {
            return left is null && right is null ? null : $"{path}: {left ?? "null"} and {right ?? "null"}";
        }

        var type = left.GetType();
        if (type != right.GetType() && !IsHidden(type))
        {
            return $"{path}: {type} and {right.GetType()}";
        }

        if (IsValue(left))
        {
            return IsSame(left, right) ? null : $"{path}: {left} and {right}";
        }

        if (!type.IsValueType)
        {
            if (_pairs.TryGetValue(left, out var known))
            {
                return ReferenceEquals(known, right) ? null : $"{path}: an object that was one is two";
            }

            _pairs.Add(left, right);
        }

        if (Content(left) is { } content)
        {
            return content == Content(right) ? null : $"{path}: {content} and {Content(right)}";
        }

        if (left is System.Globalization.DateTimeFormatInfo)
        {
            foreach (var property in type.GetProperties(BindingFlags.Instance | BindingFlags.Public))
            {
                _pending.Enqueue((property.GetValue(left), property.GetValue(right), $"{path}.{property.Name}"));
            }

            return null;
        }

        if (type.IsConstructedGenericType && type.GetGenericTypeDefinition() == typeof(PriorityQueue<,>))
        {
            dynamic queue = left, copy = right;
            return CompareSequences(type, queue.UnorderedItems, copy.UnorderedItems, path);
        }

        if (left is Delegate function)
        {
            return CompareDelegates(function, (Delegate)right, path);
        }

        if (left is Array array)
        {
            return CompareArrays(array, (Array)right, path);
        }

        if (left is IEnumerable sequence && (type.Namespace?.StartsWith("System", StringComparison.Ordinal) ?? false))
        {
            return CompareSequences(type, sequence, (IEnumerable)right, path);
        }

        if (left is IEnumerable items && right is IEnumerable other && Enqueue(items, other, path) is { } difference)
        {
            return difference;
        }

        foreach (
            var field in Fields(type).Where(field => IsState(field) && (left is not IEnumerable || !IsOfFramework(field.DeclaringType!))))
        {
            _pending.Enqueue((field.GetValue(left), field.GetValue(right), $"{path}.{field.Name}"));
        }

        return null;
    }

    /// <summary>What is told of it, where fields are more than that: buffers, handles of the file system.</summary>
    private static string? Content(object value) => value switch
    {
        MemoryStream stream => $"{Convert.ToHexString(stream.ToArray())} at {stream.Position}, {stream.CanWrite}",
        StringWriter writer => writer.ToString(),
        StringReader => "a reader",
        FileSystemInfo info => $"{info} in {info.FullName}",
        CompositeFormat format => format.Format,
        _ => null,
    };

    private string? CompareDelegates(Delegate left, Delegate right, string path)
    {
        if (left.Method != right.Method)
        {
            return $"{path}: {left.Method} and {right.Method}";
        }

        if (left.Target?.GetType().GetFields(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic).Length > 0)
        {
            _pending.Enqueue((left.Target, right.Target, path + ".Target"));
        }

        return null;
    }

    private string? CompareArrays(Array left, Array right, string path)
    {
        if (left.Rank != right.Rank || Enumerable.Range(0, left.Rank).Any(rank =>
            left.GetLength(rank) != right.GetLength(rank) || left.GetLowerBound(rank) != right.GetLowerBound(rank)))
        {
            return $"{path}: the arrays have different shapes";
        }

        if (left.GetType().GetElementType()!.IsPrimitive)
        {
            return left.Cast<object>().Zip(right.Cast<object>(), IsSame).All(static same => same) ? null : $"{path}: the arrays differ";
        }

        return Enqueue(left, right, path);
    }

    private string? CompareSequences(Type type, IEnumerable left, IEnumerable right, string path)
    {
        foreach (var name in new[] { "Comparer", "KeyComparer", "ValueComparer" })
        {
            if (type.GetProperty(name) is { } comparer && type.GetProperty("IsDefault") is null && left.GetType() == type)
            {
                _pending.Enqueue((comparer.GetValue(left), comparer.GetValue(right), $"{path}.{name}"));
            }
        }

        return type.GetProperty("IsDefault")?.GetValue(left) is true ? null : Enqueue(left, right, path);
    }

    private string? Enqueue(IEnumerable left, IEnumerable right, string path)
    {
        var index = 0;
        var others = right.GetEnumerator();
        foreach (var item in left)
        {
            if (!others.MoveNext())
            {
                return $"{path}: only {index} elements arrived";
            }

            _pending.Enqueue((item, others.Current, $"{path}[{index++}]"));
        }

        return others.MoveNext() ? $"{path}: more than {index} elements arrived" : null;
    }

    /// <summary>Stricter than equality where that overlooks something: the scale of a decimal, the sign of a zero, the kind of a time.</summary>
    private static bool IsSame(object left, object right) => (left, right) switch
    {
        (decimal one, decimal other) => decimal.GetBits(one).SequenceEqual(decimal.GetBits(other)),
        (double one, double other) => BitConverter.DoubleToInt64Bits(one) == BitConverter.DoubleToInt64Bits(other),
        (float one, float other) => BitConverter.SingleToInt32Bits(one) == BitConverter.SingleToInt32Bits(other),
        (DateTime one, DateTime other) => one == other && one.Kind == other.Kind,
        (DateTimeOffset one, DateTimeOffset other) => one.EqualsExact(other),
        (TimeZoneInfo one, TimeZoneInfo other) => one.Equals(other) && one.HasSameRules(other),
        _ => left.Equals(right),
    };

    private static bool IsValue(object value) =>
        value is string or decimal or DateTime or DateTimeOffset or Type or MemberInfo or Uri or Version
        or System.Net.IPAddress or System.Net.EndPoint or System.Text.Encoding or System.Globalization.CultureInfo or System.Numerics.BigInteger
        or TimeZoneInfo or Pointer or Assembly or Module or ParameterInfo or System.Globalization.RegionInfo
        or System.Globalization.CompareInfo or System.Xml.Linq.XName or System.Xml.Linq.XNamespace or StringComparer or Rune

            || value.GetType().IsPrimitive
            || value.GetType().IsEnum
            || value.GetType().Name.EndsWith("EqualityComparer`1", StringComparison.Ordinal);

    /// <summary>Of what every exception has, the trace is text on the other side, and some of it belongs to the runtime.</summary>
    private static bool IsState(FieldInfo field) => !field.IsNotSerialized

            && (field.DeclaringType != typeof(Exception) || field.Name is "_message" or "_data" or "_innerException" or "_helpURL" or "_HResult");

    private static bool IsOfFramework(Type type) => type.Namespace?.StartsWith("System", StringComparison.Ordinal) ?? false;

    /// <summary>Implementations that the framework chooses by content.</summary>
    private static bool IsHidden(Type type) =>
        !type.IsVisible && (type.Namespace?.StartsWith("System.", StringComparison.Ordinal) ?? false);

    private static IEnumerable<FieldInfo> Fields(Type? type)
    {
        for (; type is not null; type = type.BaseType)
        {
            foreach (
                var field in type.GetFields(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly))
            {
                yield return field;
            }
        }
    }
}
