using System.Reflection;
using MultiProc.Boundary;

namespace MultiProc.Sequences;

/// <summary>The measured item times of all mapped functions, from the last map of each. Thread-safe.</summary>
internal sealed class ItemTimes
{
    private readonly CodeCache<MethodInfo, ItemTime> _known = new();

    public ItemTime Of(Delegate function) => _known.GetOrAdd(function.Method, static _ => new ItemTime());
}
