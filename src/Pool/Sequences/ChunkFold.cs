using MultiProc.Boundary;

namespace MultiProc.Sequences;

/// <summary>
/// The function of a reduction's first calls. In a worker, it maps the elements of a chunk and folds the results,
/// in order.
/// </summary>
[Wrapper]
internal sealed class ChunkFold<T, TMapped>(Delegate map, Func<TMapped, TMapped, TMapped> reduce)
{
    public Func<T[], TMapped> Run => Fold;

    private TMapped Fold(T[] chunk)
    {
        var at = 0;
        try
        {
            var folded = Map(chunk[0]);
            for (at = 1; at < chunk.Length; at++)
            {
                folded = reduce(folded, Map(chunk[at]));
            }

            return folded;
        }
        catch (Exception exception)
        {
            ItemIndex.Set(exception, at);
            throw;
        }
    }

    // A worker runs one call at a time, so blocking on an async map delays no other call.
    private TMapped Map(T element) => map switch
    {
        Func<T, TMapped> now => now(element),
        Func<T, Task<TMapped>> later => later(element).GetAwaiter().GetResult(),
        Func<T, ValueTask<TMapped>> perhaps => perhaps(element).AsTask().GetAwaiter().GetResult(),
        _ => throw new NotSupportedException($"A map cannot be a {map.GetType()}."),
    };
}
