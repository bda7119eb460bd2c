namespace MultiProc.Boundary;

/// <summary>A slot from which no object can be reached.</summary>
internal abstract class LeafFormatter<T> : Formatter<T>
{
    public sealed override bool IsLeaf => true;
}
