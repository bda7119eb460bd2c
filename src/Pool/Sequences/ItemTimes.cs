using System.Reflection;
using MultiProc.Boundary;

namespace MultiProc.Sequences;

/// <summary>How long items of each function took when it was mapped last. Thread-safe.</summary>
internal sealed class ItemTimes
{
    private readonly CodeCache<MethodInfo, ItemTime> _known = new();

    public ItemTime Of(Delegate function) => _known.GetOrAdd(function.Method, static _ => new ItemTime());
}
