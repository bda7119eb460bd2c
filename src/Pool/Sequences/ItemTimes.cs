using System.Collections.Concurrent;
using System.Reflection;

namespace MultiProc.Sequences;

/// <summary>How long items of each function took when it was mapped last. Thread-safe.</summary>
internal sealed class ItemTimes
{
    private readonly ConcurrentDictionary<MethodInfo, ItemTime> _known = new();

    public ItemTime Of(Delegate function) => _known.GetOrAdd(function.Method, static _ => new ItemTime());
}
