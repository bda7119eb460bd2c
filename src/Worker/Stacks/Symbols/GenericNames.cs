using System.Reflection.Metadata;

namespace MultiProc.Worker.Stacks.Symbols;

/// <summary>The names of the type parameters that a method's signature may refer to.</summary>
internal sealed class GenericNames(MetadataReader metadata, MethodDefinition method)
{
    public string OfType(int index) => NameOf(metadata.GetTypeDefinition(method.GetDeclaringType()).GetGenericParameters(), index);

    public string OfMethod(int index) => NameOf(method.GetGenericParameters(), index);

    private string NameOf(GenericParameterHandleCollection parameters, int index) => metadata.GetString(metadata.GetGenericParameter(parameters[index]).Name);
}
