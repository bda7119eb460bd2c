using MultiProc.Protocol.Boundary;

namespace MultiProc.Sharing;

/// <summary>What in the items of a queue crosses live: shared objects alone, since nobody knows who will read them. They have the queue's own limits.</summary>
internal sealed class ItemLive(ItemQueue queue) : ILiveExports, ILiveImports
{
    public int ExportToken(CancellationToken token) => -1;

    public int ExportProgress(object progress, Type valueType) => -1;

    public CancellationToken ImportToken(int id) => throw new InvalidDataException("An item claims to hold a live token.");

    public object ImportProgress(int id, Type valueType) => throw new InvalidDataException("An item claims to hold a live progress object.");

    public void OnSharing(ISharedObject shared) => Limit(shared);

    public void OnAttached(ISharedObject shared) => Limit(shared);

    private void Limit(ISharedObject shared)
    {
        shared.LimitReading(queue.MostRead);
        shared.LimitWriting(queue.MostWritten);
    }
}
