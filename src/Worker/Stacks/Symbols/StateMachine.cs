using System.Reflection.Metadata;

namespace MultiProc.Worker.Stacks.Symbols;

/// <summary>The type that the compiler makes of an async method or an iterator: <c>&lt;Name&gt;d__3</c>, where <c>MoveNext</c> holds the author's code.</summary>
internal static class StateMachine
{
    /// <summary>Found by name, where no debugging information tells it.</summary>
    public static MethodDefinitionHandle SourceMethod(MetadataReader metadata, MethodDefinitionHandle method)
    {
        var definition = metadata.GetMethodDefinition(method);
        var machine = metadata.GetTypeDefinition(definition.GetDeclaringType());
        var name = metadata.GetString(machine.Name);
        var end = name.LastIndexOf(">d", StringComparison.Ordinal);
        if (!metadata.StringComparer.Equals(definition.Name, "MoveNext") || !name.StartsWith('<') || end < 0)
        {
            return method;
        }

        var authors = metadata.GetTypeDefinition(machine.GetDeclaringType()).GetMethods()
            .Where(candidate => metadata.StringComparer.Equals(metadata.GetMethodDefinition(candidate).Name, name[1..end]))
            .Take(2)
            .ToList();

        // Of several with that name each might be the one.
        return authors is [var author] ? author : method;
    }
}
