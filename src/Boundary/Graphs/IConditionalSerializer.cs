namespace MultiProc.Boundary;

/// <summary>A serializer of objects of which only some can cross.</summary>
internal interface IConditionalSerializer
{
    /// <summary>Why <paramref name="value"/> cannot cross; null: it can.</summary>
    BoundaryException? RefusalOf(object value, GraphWriter graph);
}
