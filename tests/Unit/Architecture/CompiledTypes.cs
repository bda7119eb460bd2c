using Mono.Cecil;

namespace MultiProc.Unit.Architecture;

/// <summary>The types of a compiled assembly, and what each of them uses: in its signatures, its attributes and its code.</summary>
internal static class CompiledTypes
{
    /// <summary>Who uses whom among the assembly's own types. Nested and generated types count as the type they stand in.</summary>
    public static IReadOnlyList<(string From, string To)> Uses(string assembly)
    {
        using var module = ModuleDefinition.ReadModule(assembly);
        HashSet<(string, string)> uses = [];
        foreach (var type in module.GetTypes())
        {
            var from = Outermost(type).FullName;
            foreach (var used in Mentioned(type).SelectMany(Parts))
            {
                if (used.Scope == module && Outermost(used).FullName is var to && to != from)
                {
                    uses.Add((from, to));
                }
            }
        }

        return [.. uses];
    }

    private static IEnumerable<TypeReference?> Mentioned(TypeDefinition type) =>
    [
        type.BaseType,
        .. type.Interfaces.Select(static face => face.InterfaceType),
        .. Attributes(type),
        .. type.GenericParameters.SelectMany(static parameter => parameter.Constraints).Select(static constraint => constraint.ConstraintType),
        .. type.Fields.Select(static field => field.FieldType),
        .. type.Fields.SelectMany(Attributes),
        .. type.Properties.SelectMany(Attributes),
        .. type.Methods.SelectMany(Mentioned),
    ];

    private static IEnumerable<TypeReference?> Mentioned(MethodDefinition method) =>
    [
        .. Signature(method),
        .. Attributes(method),
        .. method.GenericParameters.SelectMany(static parameter => parameter.Constraints).Select(static constraint => constraint.ConstraintType),
        .. method.HasBody ? method.Body.Variables.Select(static variable => variable.VariableType) : [],
        .. method.HasBody ? method.Body.ExceptionHandlers.Select(static handler => handler.CatchType) : [],
        .. method.HasBody ? method.Body.Instructions.SelectMany(static instruction => instruction.Operand switch
        {
            TypeReference used => [used],
            FieldReference field => [field.DeclaringType, field.FieldType],
            MethodReference called => Signature(called),
            _ => Array.Empty<TypeReference?>(),
        }) : [],
    ];

    private static IEnumerable<TypeReference?> Signature(MethodReference method) =>
    [
        method.DeclaringType,
        method.ReturnType,
        .. method.Parameters.Select(static parameter => parameter.ParameterType),
        .. method is GenericInstanceMethod generic ? generic.GenericArguments : [],
    ];

    // Not their arguments: reading those needs the assemblies that the attributes are from.
    private static IEnumerable<TypeReference?> Attributes(ICustomAttributeProvider member) =>
        member.CustomAttributes.Select(static attribute => attribute.AttributeType);

    // A list of X is a list and an X.
    private static IEnumerable<TypeReference> Parts(TypeReference? type) => type switch
    {
        null or GenericParameter => [],
        GenericInstanceType generic => generic.GenericArguments.SelectMany(Parts).Append(generic.ElementType),
        TypeSpecification specification => Parts(specification.ElementType),
        _ => [type],
    };

    private static TypeReference Outermost(TypeReference type) => type.DeclaringType is { } outer ? Outermost(outer) : type;
}
