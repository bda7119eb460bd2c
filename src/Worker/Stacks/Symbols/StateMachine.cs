using System.Reflection.Metadata;

namespace MultiProc.Worker.Stacks.Symbols;

/// <summary>
/// The state machine type that the compiler generates for an async method or an iterator: <c>&lt;Name&gt;d__3</c>,
/// where <c>MoveNext</c> contains the source code.
/// </summary>
internal static class StateMachine
{
    /// <summary>Finds the source method by name, if there is no debugging information.</summary>
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

        // Several methods of that name are ambiguous.
        return authors is [var author] ? author : method;
    }
}
