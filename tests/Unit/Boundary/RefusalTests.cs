using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net.Sockets;
using System.Runtime.CompilerServices;
using BoundaryExceptionAlias = MultiProc.Boundary.BoundaryException;

namespace MultiProc.Unit.Boundary;

public sealed class RefusalTests
{
    public static TheoryData<object, string> Refused() => new()
    {
        { Stream.Null, "path" },
        { new StreamReader(Stream.Null), "path" },
        { TextWriter.Synchronized(new StringWriter()), "text" },
        { new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp), "address" },
        { new TcpClient(), "address" },
        { new Microsoft.Win32.SafeHandles.SafeFileHandle(), "resource" },
        { Thread.CurrentThread, "thread" },
        { Task.CompletedTask, "Await" },
        { Task.FromResult(1), "Await" },
        { Later(), "Await" },
        { new SemaphoreSlim(1), "SharedLock" },
        { new Mutex(), "SharedLock" },
        { NewLock(), "SharedLock" },
        { new ReaderWriterLockSlim(), "SharedLock" },
        { new ManualResetEvent(false), "SharedEvent" },
        { new Barrier(1), "SharedBarrier" },
        { new System.Threading.Timer(_ => { }), "initializer" },
        { new System.Timers.Timer(), "initializer" },
        { new PeriodicTimer(TimeSpan.FromSeconds(1)), "initializer" },
        { new HttpClient(), "initializer" },
        { Process.GetCurrentProcess(), "Id" },
        { new CancellationTokenSource(), "Token" },
        { new Services(), "initializer" },
        { new WeakReference(new object()), "target" },
        { new WeakReference<object>(new object()), "target" },
        { new ThreadLocal<int>(), "value" },
        { new BlockingCollection<int>(), "SharedQueue" },
        { System.Threading.Channels.Channel.CreateUnbounded<int>(), "SharedQueue" },
        { new DriveInfo("/"), "known copy" },
        { new SpinLock(false), "SharedLock" },
        { default(SpinLock), "SharedLock" },
        { new System.Data.DataTable(), "WriteXml" },
        { new ValueTask<int>(Later()), "Await" },
        { Enumerable.Range(0, 3), "ToList" },
        { new[] { 1 }.Where(x => x > 0), "ToList" },
        { Iterator(), "ToList" },
        { AsyncIterator(), "ToList" },
        { new List<int>().GetEnumerator(), "ToList" },
        { new DerivedStream(), "bytes" },
        { new Services2(), "initializer" },
        { AppDomain.CurrentDomain, "known copy" },
        { Address(), "address" },
    };

    [Theory]
    [MemberData(nameof(Refused))]
    public void What_belongs_to_this_process_is_refused_with_the_way_out(object value, string wayOut)
    {
        var refusal = Crossing.Refused(value);
        Assert.Equal("arg", refusal.Path);
        Assert.Contains(wayOut, refusal.Message);
        Assert.True(refusal.Type.IsInstanceOfType(value));
    }

    [Fact]
    public void The_path_leads_to_the_member()
    {
        var orders = new List<Order> { new(), new(), new(), new() { Connection = Stream.Null } };
        var refusal = Crossing.Refused(new Customer { Orders = orders }, "arg2");
        Assert.Equal("arg2.Orders[3].Connection", refusal.Path);
        Assert.Equal(Stream.Null.GetType().BaseType, refusal.Type);
        Assert.Equal("result.Items[0]", Crossing.Refused(new { Items = new object[] { Stream.Null } }, "result").Path);
        Assert.Equal(
            "arg[\"a\"][5].Connection", Crossing.Refused(new Dictionary<string, SortedList<int, Order>> { ["a"] = new() { [5] = orders[3] } }).Path);
        Assert.Equal("arg.Keys[0].Connection", Crossing.Refused(new Dictionary<Order, int> { [orders[3]] = 1 }).Path);
        Assert.Equal("arg[1,2]", Crossing.Refused(new object?[2, 3] { { 1, 2, 3 }, { 1, 2, Stream.Null } }).Path);
        Assert.Equal("arg.Item2.Connection", Crossing.Refused((1, orders[3])).Path);
        Assert.Equal("arg.Item2.Connection", Crossing.Refused(Tuple.Create(1, orders[3])).Path);
        Assert.Equal("arg[1].Connection", Crossing.Refused(new Queue<object>([1, orders[3]])).Path);
        Assert.Equal("arg[1].Connection", Crossing.Refused(new System.Collections.ObjectModel.ObservableCollection<object> { 1, orders[3] }).Path);
        Assert.Equal("arg.Value.Connection", Crossing.Refused(KeyValuePair.Create(1, orders[3])).Path);
        Assert.Equal("arg.Inner.connection", Crossing.Refused(new Wrapper(new Inner(Stream.Null))).Path);
        Assert.Equal("arg", Crossing.Refused<IEnumerable<int>>(Iterator()).Path);
    }

    [Fact]
    public void Arguments_are_named_by_their_position()
    {
        Assert.Equal("arg", RefusedArguments(ValueTuple.Create(Stream.Null)).Path);
        Assert.Equal("arg2", RefusedArguments((1, Stream.Null)).Path);
        Assert.Equal("arg8", RefusedArguments((1, 2, 3, 4, 5, 6, 7, Stream.Null)).Path);
    }

    [Fact]
    public void Nothing_where_something_could_stand_is_no_reason_to_refuse()
    {
        Assert.Null(Crossing.Copy(new Order()).Connection);
        Assert.Null(Crossing.Copy((Stream?)null));
        Assert.Equal(default, Crossing.Copy((default(ValueTask), 1)).Item1);
    }

    [Fact]
    public unsafe void Addresses_are_refused()
    {
        byte target = 5;
        Assert.Equal("arg.Pointer", Crossing.Refused(new WithPointer { Pointer = &target }).Path);
        Assert.Equal("arg.Function", Crossing.Refused(new WithPointer { Function = &Address2 }).Path);
        Assert.Equal(7, Crossing.Copy(new WithPointer { Number = 7 }).Number);
    }

    [Fact]
    public void More_than_a_message_holds_is_refused_before_it_is_copied()
    {
        var huge = GC.AllocateUninitializedArray<byte>(Array.MaxLength);
        Assert.Contains("SharedArray", Crossing.Refused(new[] { new byte[100], huge }).Message);
    }

    [Fact]
    public void A_refusal_leaves_the_boundary_as_healthy_as_before()
    {
        for (var i = 0; i < 10; i++)
        {
            Crossing.Refused(new object[] { 1, "a", new List<int>(), Stream.Null });
            Assert.Equal([1, "a"], Crossing.Copy(new object[] { 1, "a" }));
        }
    }

    [Fact]
    public void A_field_that_is_declared_not_serialized_stays_behind()
    {
        var copy = Crossing.Copy(new WithCache { Name = "a", Cache = Stream.Null });
        Assert.Equal("a", copy.Name);
        Assert.Null(copy.Cache);
    }

    private static BoundaryExceptionAlias RefusedArguments<T>(T arguments) =>
        Assert.Throws<BoundaryExceptionAlias>(() => Crossing.Arguments(arguments));

    private static object NewLock() => RuntimeHelpers.GetUninitializedObject(typeof(Lock));

    private static unsafe object Address() => System.Reflection.Pointer.Box((byte*)8, typeof(byte*));

    private static void Address2()
    {
    }

    private static async Task<int> Later()
    {
        await Task.Yield();
        return 1;
    }

    private static IEnumerable<int> Iterator()
    {
        yield return 1;
    }

    private static async IAsyncEnumerable<int> AsyncIterator()
    {
        await Task.Yield();
        yield return 1;
    }

    private sealed class Customer
    {
        public List<Order> Orders { get; init; } = [];
    }

    private sealed class Order
    {
        public Stream? Connection { get; init; }
    }

    private sealed class Wrapper(Inner inner)
    {
        public Inner Inner { get; } = inner;
    }

    private sealed class Inner(Stream connection)
    {
        public long Length => connection.Length;
    }

    private sealed class DerivedStream : MemoryStream;

    private sealed class Services : IServiceProvider
    {
        public object? GetService(Type serviceType) => null;
    }

    private class Services2 : Services3;

    private abstract class Services3 : IServiceProvider
    {
        public object? GetService(Type serviceType) => null;
    }

    private sealed unsafe class WithPointer
    {
        public byte* Pointer;
        public delegate*<void> Function;
        public int Number;
    }

    private sealed class WithCache
    {
        [NonSerialized]
        public Stream? Cache;

        public string? Name;
    }
}
