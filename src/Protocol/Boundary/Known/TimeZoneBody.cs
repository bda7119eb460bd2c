using System.Runtime.Serialization;
using MessagePack;

namespace MultiProc.Protocol.Boundary;

/// <summary>Time zones and their rules: their fields, which .NET itself checks as it would those of its own serialization.</summary>
internal sealed class TimeZoneBody(Type type) : Body(type)
{
    private readonly StateBody _state = new(StatePlan.For(type));

    public override void Write(ref MessagePackWriter writer, object value, GraphWriter graph) => _state.Write(ref writer, value, graph);

    public override object Read(ref MessagePackReader reader, GraphReader graph, int id)
    {
        var copy = _state.Read(ref reader, graph, id);
        if (!graph.Trust.IsFull)
        {
            Check(copy);
        }

        return copy;
    }

    public override string Segment(object? instance, int step) => _state.Segment(instance, step);

    private static void Check(object copy)
    {
        try
        {
            if (copy is TimeZoneInfo.AdjustmentRule rule)
            {
                Check(rule.DaylightTransitionStart);
                Check(rule.DaylightTransitionEnd);
            }

            ((IDeserializationCallback)copy).OnDeserialization(null);
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            throw new BoundaryFormatException($"A time zone is none that .NET could have made: {exception.Message}", exception);
        }
    }

    // A rule without daylight saving time has none.
    private static void Check(TimeZoneInfo.TransitionTime transition)
    {
        if (transition != default)
        {
            ((IDeserializationCallback)transition).OnDeserialization(null);
        }
    }
}
