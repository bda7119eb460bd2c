using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace MultiProc.Analyzers;

/// <summary>For which types the compilation gives rules to pools, as far as their names tell: what may have one is left alone.</summary>
internal sealed class SurrogateNames
{
    private const string Method = "WithSurrogate";

    private readonly HashSet<string> _names = [];
    private bool _isInferred;

    private SurrogateNames()
    {
    }

    public static SurrogateNames In(Compilation compilation)
    {
        var names = new SurrogateNames();
        foreach (var name in compilation.SyntaxTrees.SelectMany(static tree => tree.GetRoot().DescendantNodes()).OfType<SimpleNameSyntax>())
        {
            if (name.Identifier.ValueText != Method)
            {
                continue;
            }

            if (name is GenericNameSyntax generic)
            {
                var type = generic.TypeArgumentList.Arguments[0];
                names._names.Add((type as SimpleNameSyntax ?? type.DescendantNodes().OfType<SimpleNameSyntax>().LastOrDefault())?.Identifier.ValueText ?? "");
            }
            else
            {
                names._isInferred = true;
            }
        }

        return names;
    }

    /// <summary>Whether a rule may be for the type, or for a class that it derives from.</summary>
    public bool MayBeFor(ITypeSymbol type)
    {
        for (var level = type; level is not null; level = level.BaseType)
        {
            if (_isInferred || _names.Contains(level.Name))
            {
                return true;
            }
        }

        return false;
    }
}
