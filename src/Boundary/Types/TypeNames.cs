using System.Reflection;
using System.Text;

namespace MultiProc.Boundary;

/// <summary>Types as text: full names with simple assembly names, since both sides run the same deployment.</summary>
internal static class TypeNames
{
    private static readonly CodeCache<Type, byte[]> Encoded = new();
    private static readonly BytesCache<Type> Decoded = new();

    /// <summary>The name of <paramref name="type"/> in UTF-8; null when the other process cannot know it.</summary>
    public static byte[]? Encode(Type type)
    {
        if (Encoded.TryGetValue(type, out var known))
        {
            return known;
        }

        var name = new StringBuilder();
        if (!TryAppend(name, type))
        {
            return null;
        }

        return Encoded.Add(type, Encoding.UTF8.GetBytes(name.ToString()));
    }

    /// <summary>The type named by <paramref name="name"/>, if this process has it.</summary>
    public static Type Decode(ReadOnlySpan<byte> name)
    {
        if (Decoded.Find(name) is { } known)
        {
            return known;
        }

        var type = Decode(name, find: null);
        if (!type.IsCollectible)
        {
            Decoded.Add(name.ToArray(), type);
        }

        return type;
    }

    /// <summary>The type named by <paramref name="name"/>, in assemblies that <paramref name="find"/> finds by their simple names; null: as above.</summary>
    public static Type Decode(ReadOnlySpan<byte> name, Func<string, Assembly>? find)
    {
        var text = Encoding.UTF8.GetString(name);
        try
        {
            return new TypeNameReader(text, find).Read();
        }
        catch (FormatException exception)
        {
            throw new BoundaryFormatException($"'{Shorten(text)}' is not the name of a type. {exception.Message}", exception);
        }
        catch (Exception exception) when (exception is not (BoundaryFormatException or DistrustException))
        {
            throw new BoundaryFormatException($"The type '{Shorten(text)}' cannot be made: {exception.Message}", exception);
        }
    }

    /// <summary>The full name, without type arguments: by it the tables know framework types.</summary>
    public static string Definition(Type type) =>
        (type.IsConstructedGenericType ? type.GetGenericTypeDefinition() : type).FullName ?? type.Name;

    /// <summary>The name of <paramref name="type"/> as a reader of a message expects it.</summary>
    public static string Display(Type type)
    {
        if (type.IsArray)
        {
            return $"{Display(type.GetElementType()!)}[{new string(',', type.GetArrayRank() - 1)}]";
        }

        var name = type.IsNested && !type.IsGenericParameter ? $"{Display(type.DeclaringType!).Split('<')[0]}.{type.Name}" : type.Name;
        if (!type.IsNested && !string.IsNullOrEmpty(type.Namespace))
        {
            name = $"{type.Namespace}.{name}";
        }

        var tick = name.IndexOf('`', StringComparison.Ordinal);
        return type.IsGenericType && tick >= 0
            ? $"{name[..tick]}<{string.Join(", ", type.GetGenericArguments().Select(Display))}>"
            : name;
    }

    /// <summary>A name that fits in a message.</summary>
    public static string Shorten(string text) => text.Length <= 200 ? text : text[..200] + "...";

    private static bool TryAppend(StringBuilder name, Type type)
    {
        if (type.IsArray)
        {
            var rank = type.IsSZArray ? "[]" : type.GetArrayRank() == 1 ? "[*]" : $"[{new string(',', type.GetArrayRank() - 1)}]";
            return TryAppendElement(name, type, rank);
        }

        if (type.IsPointer || type.IsByRef)
        {
            return TryAppendElement(name, type, type.IsPointer ? "*" : "&");
        }

        if (type.FullName is null || type.IsGenericParameter || type.IsFunctionPointer || PlugIns.Name(type.Assembly) is not { } assembly)
        {
            return false;
        }

        if (type.IsConstructedGenericType)
        {
            name.Append(type.GetGenericTypeDefinition().FullName).Append('[');
            foreach (var argument in type.GetGenericArguments())
            {
                name.Append(name[^1] == '[' ? "[" : ",[");
                if (!TryAppend(name, argument))
                {
                    return false;
                }

                name.Append(']');
            }

            name.Append(']');
        }
        else
        {
            name.Append(type.FullName);
        }

        name.Append(", ").Append(assembly);
        return true;
    }

    /// <summary>An array's suffix goes between the element's name and its assembly.</summary>
    private static bool TryAppendElement(StringBuilder name, Type type, string suffix)
    {
        var element = new StringBuilder();
        if (!TryAppend(element, type.GetElementType()!))
        {
            return false;
        }

        var text = element.ToString();
        var end = text.LastIndexOf(", ", StringComparison.Ordinal);
        name.Append(text, 0, end).Append(suffix).Append(text, end, text.Length - end);
        return true;
    }
}
