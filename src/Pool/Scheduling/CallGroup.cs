using MultiProc.Boundary;

namespace MultiProc.Scheduling;

/// <summary>The sink of calls that travel as the items of one unit: each call gets the completion of its item.</summary>
internal sealed class CallGroup : ICompletionSink
{
    /// <summary>The maximum number of calls in a unit. More would gain little.</summary>
    public const int MaxCalls = 16;

    // Completed calls are dropped.
    private readonly ICompletionSink?[] _calls = new ICompletionSink?[MaxCalls];

    public CallGroup(ICompletionSink first) => Add(first);

    /// <summary>The number of calls, completed ones included.</summary>
    public int Count { get; private set; }

    /// <summary>Adds the call of the next item. Guarded by the dispatcher's lock, and only before any item can have ended.</summary>
    public void Add(ICompletionSink call) => _calls[Count++] = call;

    public void OnValues(Work work, int firstItem, int count, ReadOnlyMemory<byte> body)
    {
        for (var item = firstItem; item < firstItem + count; item++)
        {
            var rest = Behind(body);
            Take(item)?.OnValues(work, 0, 1, body[..^rest.Length]);
            body = rest;
        }
    }

    public void OnFailure(Work work, int item, Exception error) => Take(item)?.OnFailure(work, 0, error);

    private ICompletionSink? Take(int item)
    {
        var call = _calls[item];
        _calls[item] = null;
        return call;
    }

    // A truncated result has no successor: each call fails as unreadable.
    private static ReadOnlyMemory<byte> Behind(ReadOnlyMemory<byte> body)
    {
        try
        {
            ItemBlock.TakeItem(ref body);
            return body;
        }
        catch (InvalidDataException)
        {
            return default;
        }
    }
}
