using System.Diagnostics;
using MultiProc.Protocol.Boundary;
using MultiProc.Scheduling;

namespace MultiProc.InProcess;

/// <summary>An item that runs in this process. What crosses live is the caller's own token or progress object; only what is reported is copied.</summary>
internal sealed class InProcessCall(Work work, int item, long maxBytes) : ILiveImports
{
    private readonly CancellationTokenSource _own = new();

    public Work Work => work;

    public int Item => item;

    public long Begun { get; } = Stopwatch.GetTimestamp();

    public void Cancel(int onlyItem)
    {
        if (onlyItem < 0 || onlyItem == item)
        {
            // User code may be registered on the token: not on the canceller's thread.
            ThreadPool.UnsafeQueueUserWorkItem(static own => own.Cancel(), _own, preferLocal: false);
        }
    }

    public CancellationToken ImportToken(int id) => id == 0 ? _own.Token : work.Live!.TokenOf(id);

    public object ImportProgress(int id, Type valueType) => work.Live!.Copying(id, maxBytes);
}
