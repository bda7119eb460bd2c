using System.Runtime.CompilerServices;
using MessagePack;

namespace MultiProc.Boundary;

/// <summary>Objects that cross as something simpler, of which they are made again.</summary>
internal abstract class Surrogate<T, TSurrogate>() : Serializer(typeof(T))
    where T : class
{
    private static readonly Func<object> Placeholder = static () => RuntimeHelpers.GetUninitializedObject(typeof(T));

    private readonly Formatter<TSurrogate> _formatter = FormatterCache<TSurrogate>.Instance;

    /// <inheritdoc/>
    public override bool CanBeReferredToWhileRead => typeof(T).IsSealed;

    /// <summary>Whether <see cref="Make"/> hashes or compares what it is given.</summary>
    protected virtual bool LooksIntoContent => false;

    /// <inheritdoc/>
    public sealed override void Write(ref MessagePackWriter writer, object value, GraphWriter graph)
    {
        var surrogate = TakeOrRefuse(Unsafe.As<T>(value), graph);
        if (_formatter is IArguments<TSurrogate> parts)
        {
            parts.WriteElements(ref writer, surrogate, graph);
        }
        else
        {
            _formatter.Write(ref writer, surrogate, graph);
        }
    }

    /// <inheritdoc/>
    public sealed override object Read(ref MessagePackReader reader, GraphReader graph, int id)
    {
        if (CanBeReferredToWhileRead)
        {
            graph.RegisterLate(id, Placeholder);
        }

        var complete = IsComplete(ref reader, graph, out var surrogate);
        Check(surrogate!, graph);
        if (complete || !LooksIntoContent)
        {
            return Placeholders.Settle(graph.HandedOut(id), Make(surrogate!));
        }

        if (!CanBeReferredToWhileRead)
        {
            throw new BoundaryFormatException($"The items of a {TypeNames.Display(typeof(T))} refer back to an object that contains it.");
        }

        var placeholder = graph.HandedOut(id) ?? Placeholder();
        graph.AtEnd(() => Placeholders.Settle(placeholder, Make(surrogate!)));
        return placeholder;
    }

    /// <summary>What crosses instead of <paramref name="value"/>.</summary>
    protected abstract TSurrogate Take(T value);

    /// <summary>Makes the object again.</summary>
    protected abstract T Make(TSurrogate surrogate);

    /// <summary>Refuses to make it of what whoever wrote it must not choose.</summary>
    /// <exception cref="DistrustException">It is not made.</exception>
    protected virtual void Check(TSurrogate surrogate, GraphReader graph)
    {
    }

    /// <summary>Reads the surrogate; false when what <see cref="Make"/> looks into reaches an object whose content is not complete.</summary>
    protected virtual bool IsComplete(ref MessagePackReader reader, GraphReader graph, out TSurrogate? surrogate) =>
        graph.IsComplete(ref reader, _formatter, out surrogate);

    private TSurrogate TakeOrRefuse(T value, GraphWriter graph)
    {
        try
        {
            return Take(value);
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            throw graph.Refusal(typeof(T), $"its content cannot be read: {exception.Message}");
        }
    }
}

/// <summary>A surrogate described by two functions.</summary>
internal sealed class Copied<T, TSurrogate>(Func<T, TSurrogate> take, Func<TSurrogate, T> make) : Surrogate<T, TSurrogate>
    where T : class
{
    protected override TSurrogate Take(T value) => take(value);

    protected override T Make(TSurrogate surrogate) => make(surrogate);
}

/// <summary>Structs that cross as something simpler.</summary>
internal abstract class StructSurrogate<T, TSurrogate> : Formatter<T>
    where T : struct
{
    private readonly Formatter<TSurrogate> _formatter = FormatterCache<TSurrogate>.Instance;

    /// <inheritdoc/>
    public sealed override void Write(ref MessagePackWriter writer, T value, GraphWriter graph) =>
        _formatter.Write(ref writer, Take(value), graph);

    /// <inheritdoc/>
    public sealed override T Read(ref MessagePackReader reader, GraphReader graph) => Make(_formatter.Read(ref reader, graph)!);

    /// <summary>What crosses instead of <paramref name="value"/>.</summary>
    protected abstract TSurrogate Take(T value);

    /// <summary>Makes the value again.</summary>
    protected abstract T Make(TSurrogate surrogate);
}

/// <summary>A struct's surrogate described by two functions.</summary>
internal sealed class CopiedStruct<T, TSurrogate>(Func<T, TSurrogate> take, Func<TSurrogate, T> make) : StructSurrogate<T, TSurrogate>
    where T : struct
{
    protected override TSurrogate Take(T value) => take(value);

    protected override T Make(TSurrogate surrogate) => make(surrogate);
}
