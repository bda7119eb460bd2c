using System.Buffers;
using System.Runtime.CompilerServices;
using MessagePack;
using MultiProc.Boundary;

namespace MultiProc.Unit.Boundary;

/// <summary>Where no code may be generated, state crosses through reflection: the same bytes, so that the other side need not know.</summary>
public sealed class StateInterpreterTests
{
    public static TheoryData<object> Objects() => new(ObjectTests.Objects().Select(static row => row.Data)
        .Where(static value => value is not Delegate && !value.GetType().IsValueType)
        .Append(new Signs())
        .Append(new PointerHolder()));

    [Theory]
    [MemberData(nameof(Objects))]
    public void Objects_are_written_as_generated_code_writes_them_and_read_alike(object value)
    {
        var plan = StatePlan.For(value.GetType());
        Assert.SkipWhen(plan.Refusal is not null, "It does not cross by its state.");
        var expected = Bytes((ref MessagePackWriter writer, GraphWriter graph) => StateCompiler.CompileWrite<WriteState>(plan)(ref writer, value, graph));

        Assert.Equal(expected, Bytes((ref MessagePackWriter writer, GraphWriter graph) => StateInterpreter.ForWrite<WriteState>(plan)(ref writer, value, graph)));
        var copy = RuntimeHelpers.GetUninitializedObject(value.GetType());
        var reader = new MessagePackReader(expected);
        var graph = GraphReader.Rent(new LiveTable(), Trust.Full, default);
        StateInterpreter.ForRead<ReadState>(plan)(ref reader, copy, graph);
        Assert.True(reader.End);
        DeepEquality.Assert(value, copy);
    }

    [Fact]
    public void Structs_are_written_as_generated_code_writes_them_and_read_alike()
    {
        var value = new Mixed { Sign = Sign.Minus, Text = "x", Inner = (1, null), Id = Guid.NewGuid() };
        var plan = StatePlan.For(typeof(Mixed));
        var expected = Bytes((ref MessagePackWriter writer, GraphWriter graph) => StateCompiler.CompileWrite<WriteState<Mixed>>(plan)(ref writer, ref value, graph));

        Assert.Equal(expected, Bytes((ref MessagePackWriter writer, GraphWriter graph) => StateInterpreter.ForWrite<WriteState<Mixed>>(plan)(ref writer, ref value, graph)));
        var copy = default(Mixed);
        var reader = new MessagePackReader(expected);
        StateInterpreter.ForRead<ReadState<Mixed>>(plan)(ref reader, ref copy, GraphReader.Rent(new LiveTable(), Trust.Full, default));
        DeepEquality.Assert(value, copy);
    }

    [Fact]
    public unsafe void A_pointer_is_refused_with_its_path()
    {
        var number = 1;
        var plan = StatePlan.For(typeof(PointerHolder));
        var holder = new PointerHolder { Address = &number };

        Assert.Throws<BoundaryException>(() =>
            Bytes((ref MessagePackWriter writer, GraphWriter graph) => StateInterpreter.ForWrite<WriteState>(plan)(ref writer, holder, graph)));
    }

    private delegate void Write(ref MessagePackWriter writer, GraphWriter graph);

    private static byte[] Bytes(Write write)
    {
        var buffer = new ArrayBufferWriter<byte>();
        var graph = GraphWriter.Rent(buffer, new LiveTable());
        graph.Path.StartAt("arg");
        var writer = new MessagePackWriter(buffer);
        try
        {
            graph.Path.Push(new Place(), null);
            write(ref writer, graph);
        }
        finally
        {
            graph.Return();
        }

        writer.Flush();
        return buffer.WrittenSpan.ToArray();
    }

    private sealed class Place : IPathPart
    {
        public string Segment(object? instance, int step) => $".{step}";
    }

    private enum Sign : sbyte
    {
        Minus = -1,
    }

    private enum Long : long
    {
        Least = long.MinValue,
    }

    private sealed class Signs
    {
        public Sign Small { get; init; } = Sign.Minus;

        public Long Wide { get; init; } = Long.Least;

        public DayOfWeek? Day { get; init; } = DayOfWeek.Friday;
    }

    private struct Mixed
    {
        public Sign Sign;
        public string Text;
        public (int, string?) Inner;
        public Guid Id;
    }

    private sealed unsafe class PointerHolder
    {
        public int* Address;
        public delegate*<void> Function = null;
        public int Number = 3;
    }
}
