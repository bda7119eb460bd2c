namespace MultiProc.Boundary;

/// <summary>A body of objects of which only some can cross.</summary>
internal interface IConditionalBody
{
    /// <summary>Why <paramref name="value"/> cannot cross; null: it can.</summary>
    BoundaryException? RefusalOf(object value, GraphWriter graph);
}
