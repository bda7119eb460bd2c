using System.Runtime.Serialization;

namespace MultiProc.Boundary;

/// <summary>Time zones and their rules: their fields, which .NET itself checks as it would those of its own serialization.</summary>
internal sealed class TimeZoneSerializer(Type type) : CheckedStateSerializer(type)
{
    protected override void Check(object copy, GraphReader graph)
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
