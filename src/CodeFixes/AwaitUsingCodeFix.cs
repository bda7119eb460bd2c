using System.Collections.Immutable;
using System.Composition;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace MultiProc.CodeFixes;

/// <summary>MULTIPROC005: declares the pool with <c>await using</c>, or <c>using</c> where nothing can be awaited.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp)]
[Shared]
public sealed class AwaitUsingCodeFix : CodeFixProvider
{
    private const string Title = "Dispose the pool at the end of the scope";

    /// <inheritdoc/>
    public override ImmutableArray<string> FixableDiagnosticIds { get; } = ["MULTIPROC005"];

    /// <inheritdoc/>
    public override FixAllProvider GetFixAllProvider() => WellKnownFixAllProviders.BatchFixer;

    /// <inheritdoc/>
    public override async Task RegisterCodeFixesAsync(CodeFixContext context)
    {
        var root = await context.Document.GetSyntaxRootAsync(context.CancellationToken).ConfigureAwait(false);
        if (root?.FindNode(context.Span).FirstAncestorOrSelf<LocalDeclarationStatementSyntax>() is { Declaration.Variables.Count: 1, Parent: BlockSyntax or GlobalStatementSyntax } declaration)
        {
            context.RegisterCodeFix(
                CodeAction.Create(Title, _ => Task.FromResult(context.Document.WithSyntaxRoot(root.ReplaceNode(declaration, Used(declaration)))), Title),
                context.Diagnostics);
        }
    }

    private static LocalDeclarationStatementSyntax Used(LocalDeclarationStatementSyntax declaration)
    {
        var used = declaration.WithoutLeadingTrivia().WithUsingKeyword(Keyword(SyntaxKind.UsingKeyword));
        return (declaration.DescendantNodes().OfType<AwaitExpressionSyntax>().Any() ? used.WithAwaitKeyword(Keyword(SyntaxKind.AwaitKeyword)) : used)
            .WithLeadingTrivia(declaration.GetLeadingTrivia());
    }

    private static SyntaxToken Keyword(SyntaxKind kind) => SyntaxFactory.Token(kind).WithTrailingTrivia(SyntaxFactory.Space);
}
