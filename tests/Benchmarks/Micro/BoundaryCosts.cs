using System.Buffers;
using BenchmarkDotNet.Attributes;
using MessagePack;
using MessagePack.Resolvers;
using MultiProc.Boundary;
using MultiProc.Calls;
using MultiProc.Live;
using MultiProc.Protocol.Calls;

namespace MultiProc.Benchmarks.Micro;

/// <summary>What the copy boundary costs beside MessagePack alone.</summary>
[MemoryDiagnoser]
public class BoundaryCosts
{
    private static readonly MessagePackSerializerOptions Contractless = ContractlessStandardResolver.Options;
    private static readonly Func<int, int, int> Add = Functions.Add;

    private readonly List<Order> _orders = Order.Many(10_000);
    private readonly double[] _numbers = new double[100_000];
    private readonly ByteBuffer _buffer = new();
    private readonly ArrayBufferWriter<byte> _plain = new();
    private readonly ResultEncoder _result = new();
    private ReadOnlyMemory<byte> _call;

    [GlobalSetup]
    public void SetUp() => _call = CallEncoder.Call(Add, (1, 2), new LiveExports(static _ => { }));

    [Benchmark]
    public int EncodeCall() => CallEncoder.Call(Add, (1, 2), new LiveExports(static _ => { })).Length;

    [Benchmark]
    public int ResolveInvokeAndEncode()
    {
        _result.Reset(NoLiveExports.Instance);
        using var reader = new BoundaryReader(_call, NoLiveImports.Instance, Trust.Full);
        var function = reader.ReadFunction();
        Invoker.For(function).Invoke(function, reader, _result);
        return _result.TakeBody().Length;
    }

    [Benchmark]
    public (int A, int B) TwoInts() => ThereAndBack((1, 2));

    [Benchmark]
    public (int A, int B) TwoIntsMessagePack() => ThereAndBackPlain((1, 2));

    [Benchmark]
    public int Orders() => ThereAndBack(_orders).Count;

    [Benchmark]
    public int OrdersMessagePackContractless() => ThereAndBackPlain(_orders).Count;

    [Benchmark]
    public int Doubles() => ThereAndBack(_numbers).Length;

    [Benchmark]
    public int DoublesMessagePack() => ThereAndBackPlain(_numbers).Length;

    private T ThereAndBack<T>(T value)
    {
        _buffer.Reset();
        using (var writer = new BoundaryWriter(_buffer, NoLiveExports.Instance))
        {
            writer.Write(value, "value");
        }

        using var reader = new BoundaryReader(_buffer.WrittenMemory, NoLiveImports.Instance, Trust.Full);
        return reader.Read<T>();
    }

    private T ThereAndBackPlain<T>(T value)
    {
        _plain.ResetWrittenCount();
        MessagePackSerializer.Serialize(_plain, value, Contractless);
        return MessagePackSerializer.Deserialize<T>(_plain.WrittenMemory, Contractless);
    }
}
