using CsCheck;
using MultiProc.Protocol.Messages;

namespace MultiProc.Unit.Wire;

public sealed class WorkUnitsTests
{
    private static readonly Gen<WorkUnit[]> Units = Gen.Select(
        Gen.Long, Gen.Int, Gen.Int, Gen.Bool, Gen.Select(Gen.Bool, Gen.Byte.Array[0, 40]), Gen.Select(Gen.Byte.Array[0, 400], Gen.String.Null()),
        static (id, first, count, isSequence, timedFunction, bodyTrace) =>
            new WorkUnit(id, first, count, isSequence, timedFunction.Item1, timedFunction.Item2, bodyTrace.Item1, bodyTrace.Item2)).Array[0, 8];

    [Fact]
    public void Units_come_back_as_they_were_written() =>
        Units.Sample(static units => Assert.Equal(units.Select(Describe), UnitBytes.Read(UnitBytes.Write(units)).Select(Describe)), iter: 300);

    [Fact]
    public void What_is_cut_short_is_refused() =>
        Gen.Select(Units.Where(static units => units.Length > 0), Gen.Double.Unit).Sample(
            static (units, at) =>
            {
                var bytes = UnitBytes.Write(units);
                Assert.ThrowsAny<Exception>(() => UnitBytes.Read(bytes[..(int)(at * bytes.Length)]));
            },
            iter: 300);

    [Fact]
    public void A_claim_of_two_billion_units_costs_no_memory()
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        Assert.ThrowsAny<Exception>(static () => UnitBytes.Read([0xdd, 0x7f, 0xff, 0xff, 0xff]));

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1 << 20);
    }

    [Fact]
    public void The_function_of_many_units_travels_once()
    {
        var unit = new WorkUnit(1, 0, 1, IsSequence: false, IsTimed: false, new byte[200], new byte[] { 1 });

        var bytes = UnitBytes.Write([unit, unit with { Id = 2 }, unit with { Id = 3 }]);

        Assert.InRange(bytes.Length, 200, 260);
        Assert.All(UnitBytes.Read(bytes), static read => Assert.Equal(200, read.Function.Length));
    }

    private static string Describe(WorkUnit unit) =>
        $"{unit.Id} {unit.FirstItem} {unit.Count} {unit.IsSequence} {unit.IsTimed} {Convert.ToHexString(unit.Function.Span)} {Convert.ToHexString(unit.Body.Span)} {unit.Trace}";
}
