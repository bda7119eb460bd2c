using Microsoft.CodeAnalysis;

namespace MultiProc.Analyzers;

/// <summary>What stands in the way of a copy.</summary>
internal sealed class Refusal(string path, ITypeSymbol type, string reason)
{
    /// <summary>From the value to the culprit, with a dot before each member; empty: the value itself.</summary>
    public string Path { get; } = path;

    /// <summary>The culprit's type.</summary>
    public ITypeSymbol Type { get; } = type;

    /// <summary>What the culprit is.</summary>
    public string TypeName => Type.ToDisplayString(SymbolDisplayFormat.MinimallyQualifiedFormat.RemoveMiscellaneousOptions(SymbolDisplayMiscellaneousOptions.IncludeNullableReferenceTypeModifier));

    /// <summary>Why it cannot cross, and the way out.</summary>
    public string Reason { get; } = reason;

    /// <summary>The same, as seen from an object that has it in a member.</summary>
    public Refusal In(string member) => new("." + member + Path, Type, Reason);
}
