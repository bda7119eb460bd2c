using System.Diagnostics.CodeAnalysis;
using MessagePack;

namespace MultiProc.Boundary;

/// <summary>A rule of a pool: objects of one type cross as another type, of which they are made again.</summary>
internal abstract class SurrogateRule(Type original, Type surrogate, Delegate take, Delegate make)
{
    /// <summary>The type that the rule is for, and what derives from it.</summary>
    public Type Original => original;

    /// <summary>What crosses.</summary>
    public Type Surrogate => surrogate;

    /// <summary>Makes the surrogate of an object.</summary>
    public Delegate Take => take;

    /// <summary>Makes the object of its surrogate.</summary>
    public Delegate Make => make;

    /// <summary>How objects of the type cross by the rule.</summary>
    public abstract Serializer Serializer { get; }

    /// <summary>A rule of two functions, <c>Func&lt;T, TSurrogate&gt;</c> and <c>Func&lt;TSurrogate, T&gt;</c>; null: they are no such functions.</summary>
    public static SurrogateRule? TryCreate(Delegate take, Delegate make)
    {
        var type = take.GetType();
        if (!type.IsConstructedGenericType || type.GetGenericTypeDefinition() != typeof(Func<,>))
        {
            return null;
        }

        var arguments = type.GetGenericArguments();
        return make.GetType() == typeof(Func<,>).MakeGenericType(arguments[1], arguments[0])
            ? (SurrogateRule)Activator.CreateInstance(typeof(SurrogateRule<,>).MakeGenericType(arguments), take, make)!
            : null;
    }

    /// <inheritdoc/>
    public override string ToString() => $"{TypeNames.Display(original)} as {TypeNames.Display(surrogate)}";
}

/// <summary>The rule for values of one struct.</summary>
internal interface IValueRule<T>
{
    /// <summary>Writes what crosses instead of <paramref name="value"/>.</summary>
    void Write(ref MessagePackWriter writer, T value, GraphWriter graph);

    /// <summary>Makes the value again.</summary>
    T Read(ref MessagePackReader reader, GraphReader graph);
}

/// <inheritdoc/>
internal sealed class SurrogateRule<T, TSurrogate>(Func<T, TSurrogate> take, Func<TSurrogate, T> make)
    : SurrogateRule(typeof(T), typeof(TSurrogate), take, make), IValueRule<T>
{
    private Serializer? _serializer;

    [SuppressMessage("Performance", "CA1859", Justification = "The base class's type.")]
    public override Serializer Serializer => _serializer ??= new RuleSerializer(this);

    public void Write(ref MessagePackWriter writer, T value, GraphWriter graph)
    {
        var chain = graph.TakeChain();
        TSurrogate surrogate;
        try
        {
            surrogate = take(value);
        }
        catch (Exception exception) when (exception is not (BoundaryException or OutOfMemoryException))
        {
            throw graph.Refusal(typeof(T), $"the pool's rule for it threw {exception.GetType().Name}: {exception.Message}");
        }

        if (surrogate is not null && graph.Rules!.For(surrogate.GetType()) is { } next)
        {
            SurrogateRule[] used = [.. chain, this];
            if (used.Contains(next))
            {
                throw graph.Refusal(typeof(T), $"the pool's rules lead in a circle: {string.Join(", then ", used.Append(next))}. Take one of them out of the options.");
            }

            graph.BeginChain(used);
        }

        FormatterCache<TSurrogate>.Instance.Write(ref writer, surrogate, graph);
        graph.TakeChain();
    }

    public T Read(ref MessagePackReader reader, GraphReader graph)
    {
        graph.IsComplete(ref reader, FormatterCache<TSurrogate>.Instance, out var surrogate);
        try
        {
            return make(surrogate!);
        }
        catch (Exception exception) when (exception is not (BoundaryException or OutOfMemoryException))
        {
            throw new BoundaryFormatException(
                $"The pool's rule for {TypeNames.Display(typeof(T))} could not make it of its surrogate; it threw {exception.GetType().Name}: {exception.Message}", exception);
        }
    }

    private sealed class RuleSerializer(SurrogateRule<T, TSurrogate> rule) : Serializer(typeof(T))
    {
        public override bool CanBeReferredToWhileRead => false;

        public override void Write(ref MessagePackWriter writer, object value, GraphWriter graph) => rule.Write(ref writer, (T)value, graph);

        public override object Read(ref MessagePackReader reader, GraphReader graph, int id) => rule.Read(ref reader, graph)!;
    }
}
