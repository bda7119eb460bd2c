using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using MessagePack;

namespace MultiProc.Unit.Boundary;

/// <summary>What holds an address, or something else that the system gave to one process, is not copied; the number that stands for itself is.</summary>
public sealed class AddressTests
{
    public static TheoryData<object, string> WithAddresses() => new()
    {
        { new Holder { Handle = 5 }, "arg.Handle" },
        { new Holder(), "arg.Handle" },
        { new Holders { Perhaps = 5 }, "arg.Perhaps" },
        { new Holders { Many = [5] }, "arg.Many" },
        { new Holders { List = [5] }, "arg.List" },
        { new Holders { Map = new() { ["a"] = [5] } }, "arg.Map" },
        { new Holders { Boxed = new Box<nuint>(5) }, "arg.Boxed" },
        { new Record(5), "arg.Handle" },
        { new Derived(), "arg._handle" },
        { new Nested { Inner = new Inner { Number = 1, Handle = 5 } }, "arg.Inner.Handle" },
        { new Inner { Handle = 5 }, "arg.Handle" },
        { new Generic<int>(), "arg.Handle" },
        { new object[] { 1, new Holder() }, "arg[1].Handle" },
        { new Union { Handle = 5 }, "arg.Handle" },
        { new UnionOfStructs { Inner = new Inner { Handle = 5 } }, "arg.Inner.Handle" },
        { new Addresses4 { First = 5 }, "arg" },
        { new Pair { Both = (5, 6) }, "arg.Both" },
    };

    public static TheoryData<object> Handles() =>
    [
        GCHandle.Alloc(new object()), new GCHandle<object>(new object()), typeof(int).TypeHandle, typeof(AddressTests).GetMethods()[0].MethodHandle,
        new HandleRef(new object(), 5), new WithHandle { Handle = GCHandle.Alloc(new object()) }, new Finalizable(), new DerivedFinalizable(), new FinalizableList(),
        new WithFinalizable(), new Microsoft.Win32.SafeHandles.SafeWaitHandle(0, false), new OwnSafeHandle(), new System.Net.Sockets.SocketAsyncEventArgs(),
        new System.ComponentModel.Component(),
    ];

    [Theory]
    [MemberData(nameof(WithAddresses))]
    public void A_field_that_is_declared_as_an_address_is_refused_with_its_path_and_the_ways_out(object value, string path)
    {
        var refusal = Crossing.Refused(value);

        Assert.Equal(path, refusal.Path);
        Assert.Contains("long", refusal.Message);
        Assert.Contains("[NonSerialized]", refusal.Message);
        Assert.Contains("WithSurrogate", refusal.Message);
    }

    [Theory]
    [MemberData(nameof(Handles), DisableDiscoveryEnumeration = true)]
    public void What_the_system_gave_to_this_process_is_refused(object value) => Crossing.Refused(value);

    [Fact]
    public void A_number_that_stands_for_itself_crosses()
    {
        Assert.Equal((nint)(-5), Crossing.Copy((nint)(-5)));
        Assert.Equal(nuint.MaxValue, Crossing.Copy<object>(nuint.MaxValue));
        Assert.Equal([1, 2], Crossing.Copy<nint[]>([1, 2]));
        Assert.Equal([1, 2], Crossing.Copy<List<nint>>([1, 2]));
        Assert.Equal((5, 6), Crossing.Copy<(nint, int)>((5, 6)));
        Assert.Equal(Tuple.Create((nint)5), Crossing.Copy(Tuple.Create((nint)5)));
        Assert.Equal(5, Crossing.Copy(new Box<nint>(5)).Value);
        Assert.Equal(5, Crossing.Copy(new { Handle = (nint)5 }).Handle);
        Assert.Equal([5], Crossing.Copy(new Box<List<nint>>([5])).Value);
        nint captured = 5;
        nint?[] more = [6, null];
        Assert.Equal(11, Crossing.Function(() => captured + more[0]!.Value)());
    }

    [Fact]
    public void Nothing_where_addresses_could_stand_is_no_reason_to_refuse()
    {
        Assert.Null(Crossing.Copy(new Holders()).Many);
        Assert.Equal(7, Crossing.Copy(new OnlySpeaks { Number = 7, Compare = static (_, _) => 0, Make = static () => 5 }).Number);
    }

    [Fact]
    public void A_field_that_is_no_part_of_the_state_is_no_reason_to_refuse_and_stays_behind()
    {
        var copy = Crossing.Copy(new Hidden { Number = 7, Handle = 5 });
        Assert.Equal((7, 0), (copy.Number, copy.Handle));
        Assert.Equal(0, Crossing.Copy(new HiddenOnly { Handle = 5 }).Handle);
    }

    [Fact]
    public unsafe void Arrays_of_pointers_are_refused()
    {
        Assert.Equal("arg", Crossing.Refused(new int*[1]).Path);
        Assert.Equal("arg.Pointers", Crossing.Refused(new Pointers { Pointers_ = new int*[1] }).Path.Replace("_", "", StringComparison.Ordinal));
    }

    [Fact]
    public void Without_a_contract_a_finalizer_is_a_reason_to_refuse()
    {
        Assert.Contains("finalizer", Crossing.Refused(new Finalizable()).Message);
        Assert.Contains("WithSurrogate", Crossing.Refused(new DerivedFinalizable()).Message);
        Assert.Equal("arg.Held", Crossing.Refused(new WithFinalizable()).Path);
        Assert.Equal(7, Crossing.Copy(new WithContract { Number = 7 }).Number);
    }

    [Fact]
    public void Equal_types_are_looked_at_once() =>
        Assert.Equal("arg[1].Handle", Crossing.Refused(new object[] { new Holders(), new Holder(), new Holder() }).Path);

    private sealed class Holder
    {
        public nint Handle;
    }

    private sealed class Holders
    {
        public nint? Perhaps;
        public nint[]? Many;
        public List<nuint>? List;
        public Dictionary<string, nint[]>? Map;
        public Box<nuint>? Boxed;
    }

    private sealed record Record(nint Handle);

    private class Base
    {
        private readonly nint _handle = 5;

        public override string ToString() => $"{_handle}";
    }

    private sealed class Derived : Base;

    private struct Inner
    {
        public int Number;
        public nuint Handle;
    }

    private sealed class Nested
    {
        public Inner Inner;
    }

    private sealed class Generic<T>
    {
        public T? Value { get; init; }

        public nint Handle { get; init; }
    }

    private sealed class Box<T>(T value)
    {
        public T Value { get; } = value;
    }

    private struct Pair
    {
        public (nint, nint) Both;
    }

    [StructLayout(LayoutKind.Explicit)]
    private struct Union
    {
        [FieldOffset(0)]
        public long Number;

        [FieldOffset(0)]
        public nint Handle;
    }

    [StructLayout(LayoutKind.Explicit)]
    private struct UnionOfStructs
    {
        [FieldOffset(0)]
        public long Number;

        [FieldOffset(0)]
        public Inner Inner;
    }

    [InlineArray(4)]
    private struct Addresses4
    {
        public nint First;
    }

    private sealed class OnlySpeaks
    {
        public int Number;
        public Comparison<nint>? Compare;
        public Func<nint>? Make;
        public IComparer<nint>? Comparer = Comparer<nint>.Default;
    }

    private sealed class Hidden
    {
        public int Number;

        [NonSerialized]
        public nint Handle;
    }

    private struct HiddenOnly
    {
        [NonSerialized]
        public nint Handle;
    }

    private sealed unsafe class Pointers
    {
        public int*[]? Pointers_;
    }

    private struct WithHandle
    {
        public GCHandle Handle;
    }

    private class Finalizable
    {
        ~Finalizable() => GC.KeepAlive(this);
    }

    private sealed class DerivedFinalizable : Finalizable;

    private sealed class FinalizableList : List<int>
    {
        ~FinalizableList() => GC.KeepAlive(this);
    }

    private sealed class WithFinalizable
    {
        public Finalizable Held { get; } = new();
    }

    private sealed class OwnSafeHandle() : SafeHandle(0, ownsHandle: false)
    {
        public override bool IsInvalid => true;

        protected override bool ReleaseHandle() => true;
    }

    [MessagePackObject]
    public sealed class WithContract
    {
        [Key(0)]
        public int Number { get; set; }

        ~WithContract() => GC.KeepAlive(this);
    }
}
