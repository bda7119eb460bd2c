using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;
using MultiProc.Analyzers;

namespace MultiProc.CodeFixes;

/// <summary>The fields and properties of its object that a lambda reads, and where.</summary>
internal sealed class MembersInUse(IReadOnlyDictionary<SyntaxNode, ISymbol> places)
{
    public IReadOnlyDictionary<SyntaxNode, ISymbol> Places { get; } = places;

    /// <summary>Each once, in the order of their first use.</summary>
    public IReadOnlyList<ISymbol> Symbols { get; } =
        [.. places.OrderBy(static place => place.Key.SpanStart).Select(static place => place.Value).Distinct<ISymbol>(SymbolEqualityComparer.Default)];

    /// <summary>Null: it does more with its object than reading these, so that copies of them are not enough.</summary>
    public static MembersInUse? Of(AnonymousFunctionExpressionSyntax lambda, SemanticModel model, CancellationToken cancellationToken)
    {
        if (model.GetOperation(lambda, cancellationToken) is not IAnonymousFunctionOperation function)
        {
            return null;
        }

        var places = new Dictionary<SyntaxNode, ISymbol>();
        foreach (var self in function.Body.Descendants().OfType<IInstanceReferenceOperation>())
        {
            if (self.ReferenceKind != InstanceReferenceKind.ContainingTypeInstance)
            {
                continue;
            }

            // The name of an anonymous object's member is that of the variable.
            if (self.Parent is not (IFieldReferenceOperation or IPropertyReferenceOperation { Arguments.IsEmpty: true })
                || Change.Is(self.Parent) || self.Parent.Syntax.Parent is AnonymousObjectMemberDeclaratorSyntax { NameEquals: null })
            {
                return null;
            }

            places[self.Parent.Syntax] = ((IMemberReferenceOperation)self.Parent).Member;
        }

        return places.Count == 0 ? null : new MembersInUse(places);
    }
}
