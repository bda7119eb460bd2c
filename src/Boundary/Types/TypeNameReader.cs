using System.Reflection;

namespace MultiProc.Boundary;

/// <summary>
/// The reader of the names that <see cref="TypeNames.Encode"/> writes. The framework's own reader of type names is no substitute: it reads what follows the
/// comma as an assembly's display name, in which quotes, equals signs and backslashes have a meaning. Here they are part of a name, or of a plug-in's path.
/// </summary>
/// <param name="text">The name.</param>
/// <param name="find">Finds an assembly by its simple name; null: among all that this process has or is deployed with.</param>
internal ref struct TypeNameReader(ReadOnlySpan<char> text, Func<string, Assembly>? find)
{
    private const int MaxTypes = 128;

    private readonly Func<string, Assembly>? _find = find;
    private ReadOnlySpan<char> _rest = text;
    private int _types;

    /// <exception cref="FormatException">It is not the name of a type.</exception>
    /// <exception cref="Exception">There is no such type here.</exception>
    public Type Read()
    {
        var type = ReadType();
        return _rest.IsEmpty ? type : throw Malformed();
    }

    private static FormatException Malformed() => new("It does not end where it should, or names too many types.");

    private Type ReadType()
    {
        if (++_types > MaxTypes)
        {
            throw Malformed();
        }

        var name = TakeName();
        var arguments = _rest.StartsWith("[[") ? ReadArguments() : [];
        var shapes = TakeShapes();
        Expect(", ");
        var assembly = TakeAssembly();
        var type = WellKnownTypes.Find(name, assembly) ?? (_find is null ? Assemblies.Find(assembly) : _find(assembly)).GetType(name, throwOnError: false)
            ?? throw new BoundaryFormatException($"The assembly '{assembly}' of this process has no type '{TypeNames.Shorten(name)}'.");
        if (arguments.Length > 0)
        {
            type = type.MakeGenericType(arguments);
        }

        while (!shapes.IsEmpty)
        {
            type = Shape(type, ref shapes);
        }

        return type;
    }

    // Up to what no name has unless a backslash precedes it.
    private string TakeName()
    {
        var length = 0;
        while (length < _rest.Length && _rest[length] is not (',' or '[' or ']' or '*' or '&'))
        {
            length += _rest[length] == '\\' ? 2 : 1;
        }

        return Take(length);
    }

    private Type[] ReadArguments()
    {
        var arguments = new List<Type>();
        Expect("[");
        do
        {
            Expect("[");
            arguments.Add(ReadType());
            Expect("]");
        }
        while (TryTake(","));

        Expect("]");
        return [.. arguments];
    }

    private ReadOnlySpan<char> TakeShapes()
    {
        var length = 0;
        while (length < _rest.Length && _rest[length] is '[' or ']' or '*' or '&' or ',' && !_rest[length..].StartsWith(", "))
        {
            length++;
        }

        var shapes = _rest[..length];
        _rest = _rest[length..];
        return shapes;
    }

    private string TakeAssembly()
    {
        var length = _rest.IndexOf(']');
        return Take(length < 0 ? _rest.Length : length);
    }

    private static Type Shape(Type type, ref ReadOnlySpan<char> shapes)
    {
        var length = shapes[0] == '[' ? shapes.IndexOf(']') + 1 : 1;
        var shape = length == 0 ? throw Malformed() : shapes[..length];
        shapes = shapes[length..];
        return shape switch
        {
            "*" => type.MakePointerType(),
            "&" => type.MakeByRefType(),
            "[]" => type.MakeArrayType(),
            "[*]" => type.MakeArrayType(1),
            ['[', .. var commas, ']'] when !commas.ContainsAnyExcept(',') => type.MakeArrayType(commas.Length + 1),
            _ => throw Malformed(),
        };
    }

    private string Take(int length)
    {
        if (length == 0 || length > _rest.Length)
        {
            throw Malformed();
        }

        var taken = _rest[..length].ToString();
        _rest = _rest[length..];
        return taken;
    }

    private void Expect(string expected)
    {
        if (!TryTake(expected))
        {
            throw Malformed();
        }
    }

    private bool TryTake(string expected)
    {
        if (!_rest.StartsWith(expected))
        {
            return false;
        }

        _rest = _rest[expected.Length..];
        return true;
    }
}
