using System.Runtime.CompilerServices;
using MessagePack;

namespace MultiProc.Boundary;

/// <summary>Ticks, kind, and which of two equal local times is meant: the 64 bits of a <see cref="DateTime"/> as they are.</summary>
internal sealed class DateTimeFormatter : LeafFormatter<DateTime>, ILooksForRule
{
    private const ulong TicksMask = 0x3FFF_FFFF_FFFF_FFFF;

    public override void Write(ref MessagePackWriter writer, DateTime value, GraphWriter graph)
    {
        if (graph.ValueRules is { } rules && rules.ForValue<DateTime>() is { } rule)
        {
            rule.Write(ref writer, value, graph);
            return;
        }

        writer.WriteUInt64(Unsafe.BitCast<DateTime, ulong>(value));
    }

    public override DateTime Read(ref MessagePackReader reader, GraphReader graph)
    {
        if (graph.ValueRules is { } rules && rules.ForValue<DateTime>() is { } rule)
        {
            return rule.Read(ref reader, graph);
        }

        var bits = reader.ReadUInt64();
        return (bits & TicksMask) <= (ulong)DateTime.MaxValue.Ticks
            ? Unsafe.BitCast<ulong, DateTime>(bits)
            : throw new BoundaryFormatException("A date is beyond the year 9999.");
    }
}

internal sealed class DateTimeOffsetFormatter : LeafFormatter<DateTimeOffset>
{
    public override void Write(ref MessagePackWriter writer, DateTimeOffset value, GraphWriter graph)
    {
        writer.Write(value.Ticks);
        writer.Write(value.TotalOffsetMinutes);
    }

    public override DateTimeOffset Read(ref MessagePackReader reader, GraphReader graph) =>
        new(reader.ReadInt64(), TimeSpan.FromMinutes(reader.ReadInt32()));
}

internal sealed class TimeSpanFormatter : LeafFormatter<TimeSpan>
{
    public override void Write(ref MessagePackWriter writer, TimeSpan value, GraphWriter graph) => writer.Write(value.Ticks);

    public override TimeSpan Read(ref MessagePackReader reader, GraphReader graph) => new(reader.ReadInt64());
}

internal sealed class DateOnlyFormatter : LeafFormatter<DateOnly>
{
    public override void Write(ref MessagePackWriter writer, DateOnly value, GraphWriter graph) => writer.Write(value.DayNumber);

    public override DateOnly Read(ref MessagePackReader reader, GraphReader graph) => DateOnly.FromDayNumber(reader.ReadInt32());
}

internal sealed class TimeOnlyFormatter : LeafFormatter<TimeOnly>
{
    public override void Write(ref MessagePackWriter writer, TimeOnly value, GraphWriter graph) => writer.Write(value.Ticks);

    public override TimeOnly Read(ref MessagePackReader reader, GraphReader graph) => new(reader.ReadInt64());
}
