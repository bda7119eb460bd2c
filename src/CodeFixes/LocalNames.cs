using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace MultiProc.CodeFixes;

/// <summary>Names for the local variables that fields and properties are copied to.</summary>
internal static class LocalNames
{
    /// <summary>A name that is free in the whole member; null: none is.</summary>
    public static string? For(string member, StatementSyntax statement, IEnumerable<string> alsoTaken)
    {
        var bare = member.TrimStart('_');
        if (bare.Length == 0)
        {
            return null;
        }

        var name = char.ToLowerInvariant(bare[0]) + bare.Substring(1);
        var scope = statement.Ancestors().FirstOrDefault(static node => node is MemberDeclarationSyntax) ?? statement;
        var taken = new HashSet<string>(alsoTaken);
        taken.UnionWith(scope.DescendantTokens().Where(static token => token.IsKind(SyntaxKind.IdentifierToken)).Select(static token => token.ValueText));
        return new[] { Escaped(name), name + "Copy" }.FirstOrDefault(candidate => !taken.Contains(candidate.TrimStart('@')));
    }

    private static string Escaped(string name) => SyntaxFacts.GetKeywordKind(name) == SyntaxKind.None ? name : "@" + name;
}
