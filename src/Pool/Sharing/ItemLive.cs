using MultiProc.Boundary;

namespace MultiProc.Sharing;

/// <summary>
/// The live objects in a queue's items. Only shared objects are allowed, since it is unknown which process will read
/// them. They get the queue's own limits.
/// </summary>
internal sealed class ItemLive(ItemQueue queue) : ILiveExports, ILiveImports
{
    public int ExportToken(CancellationToken token) => -1;

    public int ExportProgress(object progress, Type valueType) => -1;

    public CancellationToken ImportToken(int id) => throw new InvalidDataException("An item claims to hold a live token.");

    public object ImportProgress(int id, Type valueType) => throw new InvalidDataException("An item claims to hold a live progress object.");

    public void OnSharing(IItemLimits limits) => Limit(limits);

    public void OnAttached(IItemLimits limits) => Limit(limits);

    private void Limit(IItemLimits limits)
    {
        limits.LimitReading(queue.MaxRead);
        limits.LimitWriting(queue.MaxWritten);
    }
}
