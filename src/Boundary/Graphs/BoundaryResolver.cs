using MessagePack;
using MessagePack.Formatters;

namespace MultiProc.Boundary;

/// <summary>The root resolver: every slot, also the members of MessagePack contracts, goes through a <see cref="Formatter{T}"/>.</summary>
internal sealed class BoundaryResolver : IFormatterResolver
{
    /// <summary>The one instance.</summary>
    public static BoundaryResolver Instance { get; } = new();

    /// <inheritdoc/>
    public IMessagePackFormatter<T> GetFormatter<T>() => (IMessagePackFormatter<T>)(object)FormatterCache<T>.Instance;
}
