using MultiProc.Boundary;

namespace MultiProc.Scheduling;

/// <summary>Calls that travel as the items of one piece of work: each is told of its own item.</summary>
internal sealed class CallGroup : ICompletionSink
{
    /// <summary>So many calls share what one costs; more would gain little.</summary>
    public const int Most = 16;

    // What has been told is forgotten.
    private readonly ICompletionSink?[] _calls = new ICompletionSink?[Most];

    public CallGroup(ICompletionSink first) => Add(first);

    /// <summary>How many there are, those that were told included.</summary>
    public int Count { get; private set; }

    /// <summary>The next item's. Guarded by the dispatcher's lock, and not once any item may have ended.</summary>
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

    // Nothing is behind a result that is cut short: each call tells its caller that it cannot be read.
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
