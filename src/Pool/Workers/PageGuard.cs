using MultiProc.Protocol.Status;

namespace MultiProc.Workers;

/// <summary>A guard that lets any thread read a status page until the page is unmapped. Thread-safe.</summary>
internal sealed class PageGuard(StatusPage page)
{
    private readonly Lock _gate = new();
    private bool _closed;

    public T Read<T>(Func<StatusPage, T> read, T whenClosed)
    {
        lock (_gate)
        {
            return _closed ? whenClosed : read(page);
        }
    }

    public void Close()
    {
        lock (_gate)
        {
            _closed = true;
        }
    }
}
