using System.Reflection;
using System.Reflection.Metadata;
using System.Text;

namespace MultiProc.Boundary;

/// <summary>Types as text: full names with simple assembly names, since both sides run the same deployment.</summary>
internal static class TypeNames
{
    private static readonly TypeNameParseOptions ParseOptions = new() { MaxNodes = 512 };
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
        if (!TypeName.TryParse(text, out var parsed, ParseOptions))
        {
            throw new BoundaryFormatException($"'{Shorten(text)}' is not the name of a type, or names too many types.");
        }

        try
        {
            return Make(parsed, find);
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

    private static Type Make(TypeName name, Func<string, Assembly>? find)
    {
        if (name.IsArray || name.IsPointer || name.IsByRef)
        {
            var element = Make(name.GetElementType(), find);
            return name switch
            {
                { IsSZArray: true } => element.MakeArrayType(),
                { IsArray: true } => element.MakeArrayType(name.GetArrayRank()),
                { IsPointer: true } => element.MakePointerType(),
                _ => element.MakeByRefType(),
            };
        }

        if (name.IsConstructedGenericType)
        {
            var names = name.GetGenericArguments();
            var arguments = new Type[names.Length];
            for (var i = 0; i < arguments.Length; i++)
            {
                arguments[i] = Make(names[i], find);
            }

            return Make(name.GetGenericTypeDefinition(), find).MakeGenericType(arguments);
        }

        var assembly = name.AssemblyName?.Name ?? throw new BoundaryFormatException($"The type '{Shorten(name.FullName)}' is named without its assembly.");
        return WellKnownTypes.Find(name.FullName, assembly) ?? (find is null ? Assemblies.Find(assembly) : find(assembly)).GetType(name.FullName, throwOnError: false)
            ?? throw new BoundaryFormatException($"The assembly '{assembly}' of this process has no type '{Shorten(name.FullName)}'.");
    }

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
