using MessagePack;

namespace MultiProc.Protocol.Boundary;

/// <summary>Carries the graph being written through formatters that MessagePack made.</summary>
internal sealed class WritingOptions(GraphWriter graph) : MessagePackSerializerOptions(BoundaryResolver.Instance)
{
    /// <summary>The graph.</summary>
    public GraphWriter Graph { get; } = graph;

    /// <inheritdoc/>
    protected override MessagePackSerializerOptions Clone() => new WritingOptions(Graph);
}

/// <summary>Carries the graph being read through formatters that MessagePack made.</summary>
internal sealed class ReadingOptions : MessagePackSerializerOptions
{
    /// <summary>Options for <paramref name="graph"/>.</summary>
    public ReadingOptions(GraphReader graph)
        : base(new MessagePackSerializerOptions(BoundaryResolver.Instance).WithSecurity(Untrusted)) => Graph = graph;

    /// <summary>The graph.</summary>
    public GraphReader Graph { get; }

    /// <summary>Depth is bounded by the graph itself, which continues on further stacks where MessagePack would give up.</summary>
    private static MessagePackSecurity Untrusted { get; } = MessagePackSecurity.UntrustedData.WithMaximumObjectGraphDepth(int.MaxValue);

    /// <inheritdoc/>
    protected override MessagePackSerializerOptions Clone() => new ReadingOptions(Graph);
}
