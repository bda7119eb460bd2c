using MultiProc.Boundary;
using MultiProc.Live;
using MultiProc.Scheduling;

namespace MultiProc.Calls;

/// <summary>The reader of workers' results. It reads with the trust that workers have.</summary>
internal static class WorkerResults
{
    /// <summary>
    /// Takes the next item off the front of <paramref name="block"/>, as the result of an item of <paramref
    /// name="work"/>.
    /// </summary>
    public static TResult Take<TResult>(Work work, ref ReadOnlyMemory<byte> block)
    {
        var item = ItemBlock.TakeItem(ref block);
        if (work.Live?.RefusedReport is { } refusal)
        {
            throw refusal;
        }

        return BoundaryReader.Read<TResult>(item, work.Policy.Imports, Trust.InWorkers, work.Functions);
    }

    /// <summary>
    /// The failure of an item of <paramref name="work"/> whose result could not be read because of <paramref
    /// name="exception"/>.
    /// </summary>
    public static Exception Failure(Work work, Exception exception) => exception is BoundaryException refusal
        ? RemoteFaults.NotSerializable(refusal)
        : new ProcessPoolException($"The result of {work.Policy.Label} could not be read: {exception.Message}", exception);
}
