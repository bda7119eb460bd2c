using System.Reflection.Metadata;

namespace MultiProc.Worker.Stacks.Symbols;

/// <summary>
/// The text of a method as in <see cref="Exception.StackTrace"/>, but with source names for members that the compiler
/// has renamed.
/// </summary>
internal static class MethodName
{
    public static string Of(MetadataReader metadata, MethodDefinitionHandle handle)
    {
        var method = metadata.GetMethodDefinition(handle);
        var type = TypeOf(metadata, method.GetDeclaringType(), out var outer);
        var name = metadata.GetString(method.Name);
        if (outer is not null && !name.StartsWith('<'))
        {
            // MoveNext of a state machine whose source method is not known.
            name = outer;
        }

        var generics = method.GetGenericParameters().Select(parameter => metadata.GetString(metadata.GetGenericParameter(parameter).Name)).ToList();
        return $"{type}.{SourceName(name)}{(generics.Count == 0 ? "" : $"[{string.Join(',', generics)}]")}({Parameters(metadata, method)})";
    }

    /// <summary>
    /// <c>&lt;Main&gt;b__0_1</c> is a lambda in Main, <c>&lt;Main&gt;g__Local|0_1</c> its local function Local,
    /// <c>&lt;Main&gt;$</c> holds top-level statements, <c>&lt;Name&gt;d__2</c> is the state machine of Name.
    /// </summary>
    public static string SourceName(string name)
    {
        if (!name.StartsWith('<') || ClosingBracket(name) is not (> 1 and var end))
        {
            return name;
        }

        var outer = SourceName(name[1..end]);
        var rest = name[(end + 1)..];
        return rest switch
        {
            _ when rest.StartsWith("b__", StringComparison.Ordinal) => outer + ".<lambda>",
            _ when rest.StartsWith("g__", StringComparison.Ordinal) => $"{outer}.{rest[3..].Split('|')[0]}",
            _ when rest == "$" || rest.StartsWith('d') => outer,
            _ => name,
        };
    }

    private static int ClosingBracket(string name)
    {
        var depth = 0;
        for (var i = 0; i < name.Length; i++)
        {
            depth += name[i] switch { '<' => 1, '>' => -1, _ => 0 };
            if (depth == 0)
            {
                return i;
            }
        }

        return -1;
    }

    /// <param name="metadata">The metadata of its module.</param>
    /// <param name="handle">The type.</param>
    /// <param name="generated">
    /// The name of the outermost enclosing type that the compiler generated; null: there is none.
    /// </param>
    private static string TypeOf(MetadataReader metadata, TypeDefinitionHandle handle, out string? generated)
    {
        generated = null;
        Stack<string> names = [];
        for (var at = handle; !at.IsNil; at = metadata.GetTypeDefinition(at).GetDeclaringType())
        {
            var type = metadata.GetTypeDefinition(at);
            var name = metadata.GetString(type.Name);
            if (name.StartsWith('<') && !type.GetDeclaringType().IsNil)
            {
                generated = name;
                names.Clear();
                continue;
            }

            names.Push(name);
            if (!type.Namespace.IsNil)
            {
                names.Push(metadata.GetString(type.Namespace));
            }
        }

        return string.Join('.', names);
    }

    private static string Parameters(MetadataReader metadata, MethodDefinition method)
    {
        var types = method.DecodeSignature(new TypeText(), new GenericNames(metadata, method)).ParameterTypes;
        var names = new string[types.Length];
        foreach (var parameter in method.GetParameters().Select(metadata.GetParameter))
        {
            // Number 0 is the return value.
            if (parameter.SequenceNumber > 0 && parameter.SequenceNumber <= names.Length)
            {
                names[parameter.SequenceNumber - 1] = metadata.GetString(parameter.Name);
            }
        }

        return string.Join(", ", types.Zip(names, static (type, name) => name is null ? type : $"{type} {name}"));
    }
}
