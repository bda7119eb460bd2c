using System.Collections.Immutable;
using System.Composition;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Formatting;
using MultiProc.Analyzers.Rules;

namespace MultiProc.CodeFixes;

/// <summary>MULTIPROC001, and MULTIPROC002 where it is about <c>this</c>: copies the fields and properties that the lambda reads to local variables before the call.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp)]
[Shared]
public sealed class CopyToLocalCodeFix : CodeFixProvider
{
    private const string Title = "Copy what the lambda uses to local variables";

    /// <inheritdoc/>
    public override ImmutableArray<string> FixableDiagnosticIds { get; } = ["MULTIPROC001", "MULTIPROC002"];

    // Each fix declares variables, whose names the next one has to know.
    /// <inheritdoc/>
    public override FixAllProvider? GetFixAllProvider() => null;

    /// <inheritdoc/>
    public override async Task RegisterCodeFixesAsync(CodeFixContext context)
    {
        if (!context.Diagnostics[0].Properties.ContainsKey(CaptureAnalyzer.OfThis)
            || await context.Document.GetSyntaxRootAsync(context.CancellationToken).ConfigureAwait(false) is not { } root
            || await context.Document.GetSemanticModelAsync(context.CancellationToken).ConfigureAwait(false) is not { } model
            || LambdaOf(root.FindNode(context.Span, getInnermostNodeForTie: true), model, context.CancellationToken) is not { } lambda
            || StatementOf(lambda) is not { } statement
            || MembersInUse.Of(lambda, model, context.CancellationToken) is not { } members)
        {
            return;
        }

        var names = new Dictionary<ISymbol, string>(SymbolEqualityComparer.Default);
        foreach (var member in members.Symbols)
        {
            if (LocalNames.For(member.Name, statement, names.Values) is not { } name)
            {
                return;
            }

            names.Add(member, name);
        }

        context.RegisterCodeFix(CodeAction.Create(Title, _ => Task.FromResult(Copied(context.Document, root, statement, members, names)), Title), context.Diagnostics);
    }

    private static Document Copied(Document document, SyntaxNode root, StatementSyntax statement, MembersInUse members, Dictionary<ISymbol, string> names)
    {
        var changed = statement.ReplaceNodes(
            members.Places.Keys, (place, _) => SyntaxFactory.IdentifierName(names[members.Places[place]]).WithTriviaFrom(place));
        var copies = members.Symbols.Select(member =>
            SyntaxFactory.ParseStatement($"var {names[member]} = {members.Places.First(place => SymbolEqualityComparer.Default.Equals(place.Value, member)).Key.WithoutTrivia()};")
                .WithTrailingTrivia(SyntaxFactory.ElasticCarriageReturnLineFeed).WithAdditionalAnnotations(Formatter.Annotation)).ToArray();

        // What stands above the call, a comment perhaps, stays above all of it.
        copies[0] = copies[0].WithLeadingTrivia(statement.GetLeadingTrivia());
        StatementSyntax last = changed.WithLeadingTrivia(SyntaxFactory.ElasticMarker).WithAdditionalAnnotations(Formatter.Annotation);
        return document.WithSyntaxRoot(root.ReplaceNode(statement, copies.Append(last)));
    }

    /// <summary>The lambda that is given to the pool: what is marked may be deep inside, in a lambda of its own.</summary>
    private static AnonymousFunctionExpressionSyntax? LambdaOf(SyntaxNode node, SemanticModel model, CancellationToken cancellationToken) =>
        node.Ancestors().OfType<AnonymousFunctionExpressionSyntax>().FirstOrDefault(lambda =>
            lambda.Parent is ArgumentSyntax { Parent.Parent: InvocationExpressionSyntax call }
            && model.GetSymbolInfo(call, cancellationToken).Symbol?.ContainingNamespace.ToDisplayString() == "MultiProc");

    /// <summary>The statement before which variables can be declared, and which evaluates the call's arguments once, and first of all.</summary>
    private static StatementSyntax? StatementOf(SyntaxNode lambda) =>
        lambda.Ancestors().TakeWhile(static node => node is not AnonymousFunctionExpressionSyntax).OfType<StatementSyntax>().FirstOrDefault() is
            (ExpressionStatementSyntax or LocalDeclarationStatementSyntax or ReturnStatementSyntax) and { Parent: BlockSyntax or SwitchSectionSyntax } statement
            ? statement
            : null;
}
