using System.Threading.Channels;
using MultiProc.Boundary;
using MultiProc.Calls;
using MultiProc.Scheduling;

namespace MultiProc.Sequences;

/// <summary>
/// The completion sink of one chunk. It reads the results on the receiving thread and passes them to the run.
/// </summary>
internal sealed class ChunkSink<TResult>(ChannelWriter<(Chunk? Chunk, FinishedItems<TResult> Items)> finished, Chunk chunk, long firstIndex) : ICompletionSink
{
    public void OnValues(Work work, int firstItem, int count, ReadOnlyMemory<byte> body)
    {
        if (work.Live?.RefusedReport is null && TryReadNumbers(body.Span, count) is { } numbers)
        {
            Finish(new FinishedItems<TResult>(firstIndex + firstItem, numbers, null));
            return;
        }

        var values = new TResult[count];
        for (var i = 0; i < count; i++)
        {
            try
            {
                values[i] = WorkerResults.Take<TResult>(work, ref body);
            }
            catch (Exception exception)
            {
                Finish(new FinishedItems<TResult>(firstIndex + firstItem, values.AsMemory(0, i), null));
                OnFailure(work, firstItem + i, WorkerResults.Failure(work, exception));
                (values, firstItem, count, i) = (new TResult[count - i - 1], firstItem + i + 1, count - i - 1, -1);
            }
        }

        Finish(new FinishedItems<TResult>(firstIndex + firstItem, values, null));
    }

    public long? IndexOf(int item) => firstIndex + item;

    public void OnFailure(Work work, int item, Exception error) =>
        Finish(new FinishedItems<TResult>(firstIndex + item, default, error));

    /// <summary>Null: not all of them are numbers of fixed size.</summary>
    private static TResult[]? TryReadNumbers(ReadOnlySpan<byte> body, int count)
    {
        if (!FixedNumber<TResult>.IsOne || body.Length != (long)count * FixedNumber<TResult>.ItemLength)
        {
            return null;
        }

        var numbers = GC.AllocateUninitializedArray<TResult>(count);
        for (var i = 0; i < numbers.Length; i++)
        {
            if (!FixedNumber<TResult>.TryReadItem(ref body, out numbers[i]))
            {
                return null;
            }
        }

        return numbers;
    }

    private void Finish(in FinishedItems<TResult> items) => finished.TryWrite((chunk, items));
}
