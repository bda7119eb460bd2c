using System.Reflection;
using MessagePack;

namespace MultiProc.Boundary;

/// <summary>
/// Time zones of NodaTime, by their id: they are told apart by identity, so each process has its own, and what refers to a copy would not equal what refers to that. The package is
/// known by its names, since the library does not need it.
/// </summary>
internal sealed class ZoneSerializer : Serializer
{
    private const string Zone = "NodaTime.DateTimeZone";

    private readonly PropertyInfo _id;
    private readonly object? _provider;
    private readonly MethodInfo? _find;

    private ZoneSerializer(Type zone)
        : base(zone)
    {
        _id = zone.GetProperty("Id")!;
        _provider = zone.Assembly.GetType("NodaTime.DateTimeZoneProviders")?.GetProperty("Tzdb")?.GetValue(null);
        _find = _provider?.GetType().GetMethod("GetZoneOrNull");
    }

    public override bool CanBeReferredToWhileRead => false;

    /// <summary>The serializer of <paramref name="type"/>; null: it is no such zone.</summary>
    public static Serializer? TryCreate(Type type)
    {
        for (var level = type; level is not null; level = level.BaseType)
        {
            if (level.FullName == Zone)
            {
                return new ZoneSerializer(level);
            }
        }

        return null;
    }

    public override void Write(ref MessagePackWriter writer, object value, GraphWriter graph)
    {
        var id = (string)_id.GetValue(value)!;
        if (!ReferenceEquals(Find(id), value))
        {
            throw graph.Refusal(value.GetType(), "only zones of DateTimeZoneProviders.Tzdb have a counterpart in the other process. Pass the id, or give the pool a rule for it with WithSurrogate.");
        }

        writer.Write(id);
    }

    public override object Read(ref MessagePackReader reader, GraphReader graph, int id) =>
        reader.ReadString() is { } name && Find(name) is { } zone ? zone : throw new BoundaryFormatException("There is no such time zone.");

    private object? Find(string id) => _find?.Invoke(_provider, [id]);
}
