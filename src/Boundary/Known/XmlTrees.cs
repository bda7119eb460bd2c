using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Xml.Linq;

namespace MultiProc.Boundary;

/// <summary>
/// The trees of LINQ to XML in one graph. Bytes that a worker forged could link nodes in ways that no method of them does: in circles that never end, to parents that do not know
/// them, or to nothing.
/// </summary>
internal sealed class XmlTrees
{
    private readonly List<XObject> _parts = [];
    private readonly HashSet<XObject> _known = new(ReferenceEqualityComparer.Instance);
    private readonly HashSet<XObject> _linked = new(ReferenceEqualityComparer.Instance);

    /// <summary>Adds a node or an attribute, which may still be incomplete.</summary>
    public void Add(object part)
    {
        if (_known.Add((XObject)part))
        {
            _parts.Add((XObject)part);
        }
    }

    /// <summary>Looks at everything.</summary>
    /// <exception cref="BoundaryFormatException">A part is not linked as it would be in a tree.</exception>
    public void Check()
    {
        // Parents and children may be of classes that derive from these, which nobody has added.
        for (var i = 0; i < _parts.Count; i++)
        {
            var part = _parts[i];
            Require(HasContent(part), "a name or a text is missing");
            if (Parent(part) is { } parent)
            {
                Add(parent);
            }

            if (part is XContainer container)
            {
                CheckNodes(container);
            }

            if (part is XElement element)
            {
                CheckAttributes(element);
            }
        }

        foreach (var part in _parts)
        {
            Require(Parent(part) is null || _linked.Contains(part), "a parent does not know its child");
        }

        CheckRoots();
    }

    private void CheckNodes(XContainer container)
    {
        if (Content(container) is not XNode last)
        {
            Require(Content(container) is null or string, "the content of an element is neither text nor nodes");
            return;
        }

        var node = last;
        do
        {
            node = Next(node);
            Require(node is not null and not XDocument && Parent(node) == container && _linked.Add(node), "the nodes of an element are not a list");
            Add(node);
        }
        while (node != last);
    }

    private void CheckAttributes(XElement element)
    {
        if (LastAttribute(element) is not { } last)
        {
            return;
        }

        var attribute = last;
        do
        {
            attribute = Next(attribute);
            Require(attribute is not null && Parent(attribute) == element && _linked.Add(attribute), "the attributes of an element are not a list");
            Add(attribute);
        }
        while (attribute != last);
    }

    /// <summary>From everywhere, the way up ends.</summary>
    private void CheckRoots()
    {
        var ending = new HashSet<XObject>(ReferenceEqualityComparer.Instance);
        var way = new List<XObject>();
        var onWay = new HashSet<XObject>(ReferenceEqualityComparer.Instance);
        foreach (var part in _parts)
        {
            for (var level = part; level is not null && !ending.Contains(level); level = Parent(level))
            {
                Require(onWay.Add(level), "an element contains itself");
                way.Add(level);
            }

            ending.UnionWith(way);
            way.Clear();
            onWay.Clear();
        }
    }

    private static bool HasContent(XObject part) => part switch
    {
        XElement element => element.Name is not null,
        XAttribute attribute => attribute.Name is not null && attribute.Value is not null,
        XText text => text.Value is not null,
        XComment comment => comment.Value is not null,
        XProcessingInstruction instruction => instruction.Target is not null && instruction.Data is not null,
        XDocumentType type => type.Name is not null,
        _ => true,
    };

    private static void Require([DoesNotReturnIf(false)] bool condition, string otherwise)
    {
        if (!condition)
        {
            throw new BoundaryFormatException($"An XML tree is none: {otherwise}.");
        }
    }

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "parent")]
    private static extern ref XContainer? Parent(XObject part);

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "content")]
    private static extern ref object? Content(XContainer container);

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "next")]
    private static extern ref XNode? Next(XNode node);

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "lastAttr")]
    private static extern ref XAttribute? LastAttribute(XElement element);

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "next")]
    private static extern ref XAttribute? Next(XAttribute attribute);
}
