using System.Buffers.Binary;
using MultiProc.Boundary;
using MultiProc.Protocol.Messages;

namespace MultiProc.Unit.Scheduling;

/// <summary>A unit of work in a <see cref="FakeRunner"/>.</summary>
internal sealed class FakeUnit(WorkUnit unit)
{
    private ReadOnlyMemory<byte> _items = unit.Body;

    public long Id => unit.Id;

    public ReadOnlyMemory<byte> Function => unit.Function;

    /// <summary>The item that is running, or will be.</summary>
    public int Item { get; private set; } = unit.FirstItem;

    /// <summary>Behind its last item.</summary>
    public int End { get; set; } = unit.FirstItem + unit.Count;

    /// <summary>The running item's arguments.</summary>
    public ReadOnlyMemory<byte> Arguments { get; private set; }

    public void TakeArguments() => Arguments = unit.IsSequence ? ItemBlock.TakeItem(ref _items) : unit.Body;

    /// <summary>The items that have not ended, the running one included.</summary>
    public IEnumerable<CallItem> OpenItems
    {
        get
        {
            var items = unit.Body;
            for (var item = unit.FirstItem; item < End; item++)
            {
                var arguments = unit.IsSequence ? ItemBlock.TakeItem(ref items).Span : items.Span;
                if (item >= Item)
                {
                    yield return new CallItem(BinaryPrimitives.ReadInt32LittleEndian(arguments), BinaryPrimitives.ReadInt32LittleEndian(arguments[4..]));
                }
            }
        }
    }

    /// <returns>Whether there is a next item.</returns>
    public bool MoveOn() => ++Item < End;
}
