namespace MultiProc.Boundary;

/// <summary>Nodes and attributes of LINQ to XML: their fields. What a worker sends is looked at, as a whole tree, before anybody gets it.</summary>
internal sealed class XmlTreeSerializer(Type type) : CheckedStateSerializer(type)
{
    protected override void Check(object copy, GraphReader graph)
    {
        if (graph.XmlTrees is not { } trees)
        {
            graph.XmlTrees = trees = new XmlTrees();
            graph.AtEnd(trees.Check);
        }

        trees.Add(copy);
    }
}
