using System.Text;
using System.Text.RegularExpressions;
using MessagePack;

namespace MultiProc.Boundary;

/// <summary>Carries the graph being written through formatters that MessagePack made.</summary>
internal sealed class WritingOptions(GraphWriter graph) : MessagePackSerializerOptions(BoundaryResolver.Instance)
{
    /// <summary>The graph.</summary>
    public GraphWriter Graph { get; } = graph;

    /// <inheritdoc/>
    protected override MessagePackSerializerOptions Clone() => new WritingOptions(Graph);
}

/// <summary>Carries the graph being read through formatters that MessagePack made.</summary>
internal sealed partial class ReadingOptions : MessagePackSerializerOptions
{
    /// <summary>Options for <paramref name="graph"/>.</summary>
    public ReadingOptions(GraphReader graph)
        : base(new MessagePackSerializerOptions(BoundaryResolver.Instance).WithSecurity(Untrusted)) => Graph = graph;

    /// <summary>The graph.</summary>
    public GraphReader Graph { get; }

    /// <summary>Depth is bounded by the graph itself, which continues on further stacks where MessagePack would give up.</summary>
    private static MessagePackSecurity Untrusted { get; } = MessagePackSecurity.UntrustedData.WithMaximumObjectGraphDepth(int.MaxValue);

    /// <summary>Contracts can ask for formatters that find types by name; these, too, find only what the graph may name.</summary>
    public override Type? LoadType(string typeName) =>
        Graph.Trust.IsFull ? base.LoadType(typeName) : Graph.Trust.FindType(Encoding.UTF8.GetBytes(Version().Replace(typeName, "")), Graph.Declared);

    /// <inheritdoc/>
    public override void ThrowIfDeserializingTypeIsDisallowed(Type type)
    {
        if (!Graph.Trust.MayName(type, Graph.Declared))
        {
            throw Trust.Refuse(type);
        }

        base.ThrowIfDeserializingTypeIsDisallowed(type);
    }

    /// <inheritdoc/>
    protected override MessagePackSerializerOptions Clone() => new ReadingOptions(Graph);

    [GeneratedRegex(@", (Version|Culture|PublicKeyToken)=[^,\]]*")]
    private static partial Regex Version();
}
