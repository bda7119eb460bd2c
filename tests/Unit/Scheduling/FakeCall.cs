using System.Buffers.Binary;
using MultiProc.Boundary;
using MultiProc.Protocol.Messages;
using MultiProc.Scheduling;

namespace MultiProc.Unit.Scheduling;

/// <summary>A call, or a chunk of a map, as its caller sees it: what each item came to. Thread-safe.</summary>
internal sealed class FakeCall : ICompletionSink
{
    // Any bytes will do: that of a function that captures nothing.
    private static readonly ReadOnlyMemory<byte> Code = new byte[] { 1 };

    private readonly Scene _scene;
    private readonly object?[] _ends;

    public FakeCall(Scene scene, int number, int items, CallPolicy policy, int? slot, bool isSequence, bool isDivisible, bool isPlain = false)
    {
        _scene = scene;
        _ends = new object?[items];
        Number = number;
        Policy = policy;
        var unit = new WorkUnit(
            scene.Dispatcher.NextId(), 0, items, isSequence, policy.Timeout is not null, isPlain ? Code : default,
            isSequence ? Items(number, items) : isPlain ? ArgumentSlices.Copy(Arguments(number, 0)) : Arguments(number, 0));
        Work = new Work(unit, policy, this, live: null, isDivisible) { PinnedSlot = slot };
    }

    public int Number { get; }

    public CallPolicy Policy { get; }

    public Work Work { get; }

    public int Count => _ends.Length;

    /// <summary>Whether the caller gave up, and is to be told nothing more.</summary>
    public bool IsAbandoned { get; private set; }

    /// <summary>Runs before an end is told.</summary>
    public Action? Telling { get; set; }

    public bool HasEnded => _ends.All(static end => end is not null);

    public bool HasReturned => _ends.All(static end => end is CallItem);

    public Exception? Error => _ends.OfType<Exception>().FirstOrDefault();

    public bool IsCompleted(int item) => Volatile.Read(ref _ends[item]) is not null;

    /// <summary>What an item came to: its <see cref="CallItem"/>, an exception, or null as long as nothing was told.</summary>
    public object? End(int item) => Volatile.Read(ref _ends[item]);

    public void Abandon()
    {
        IsAbandoned = true;
        _scene.Dispatcher.Abandon(Work);
    }

    public void OnValues(Work work, int firstItem, int count, ReadOnlyMemory<byte> body)
    {
        for (var item = firstItem; item < firstItem + count; item++)
        {
            var result = ItemBlock.TakeItem(ref body).Span;
            var value = new CallItem(BinaryPrimitives.ReadInt32LittleEndian(result), BinaryPrimitives.ReadInt32LittleEndian(result[4..]));
            _scene.Check(value == new CallItem(Number, item), $"call {Number}, item {item} was told the result of {value}");
            Complete(item, value);
        }

        _scene.Check(body.IsEmpty, $"call {Number} was given more results than items");
    }

    public void OnFailure(Work work, int item, Exception error)
    {
        _scene.OnFailure(this, item, error);
        Complete(item, error);
    }

    private void Complete(int item, object end)
    {
        Telling?.Invoke();
        _scene.Check(Interlocked.Exchange(ref _ends[item], end) is null, $"call {Number}, item {item} was told twice");
    }

    private static byte[] Arguments(int number, int item)
    {
        var arguments = new byte[8];
        BinaryPrimitives.WriteInt32LittleEndian(arguments, number);
        BinaryPrimitives.WriteInt32LittleEndian(arguments.AsSpan(4), item);
        return arguments;
    }

    private static ReadOnlyMemory<byte> Items(int number, int count)
    {
        var block = new ByteBuffer();
        for (var item = 0; item < count; item++)
        {
            var begin = ItemBlock.BeginItem(block);
            block.Write(Arguments(number, item));
            ItemBlock.EndItem(block, begin);
        }

        return block.WrittenMemory;
    }
}
