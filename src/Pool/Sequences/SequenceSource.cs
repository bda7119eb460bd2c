namespace MultiProc.Sequences;

/// <summary>The conversions of callers' sequences to sources.</summary>
internal static class SequenceSource
{
    public static IAsyncEnumerable<ValueTuple<T>> Of<T>(IEnumerable<T> source)
    {
        ArgumentNullException.ThrowIfNull(source);
        return new SyncSource<T, ValueTuple<T>>(source, static element => new ValueTuple<T>(element));
    }

    public static IAsyncEnumerable<ValueTuple<T>> Of<T>(IAsyncEnumerable<T> source)
    {
        ArgumentNullException.ThrowIfNull(source);
        return new AsyncSource<T, ValueTuple<T>>(source, static element => new ValueTuple<T>(element));
    }

    /// <summary>Tuples are a call's arguments as they are.</summary>
    public static IAsyncEnumerable<TTuple> OfTuples<TTuple>(IEnumerable<TTuple> source)
        where TTuple : struct
    {
        ArgumentNullException.ThrowIfNull(source);
        return new SyncSource<TTuple, TTuple>(source, static tuple => tuple);
    }
}
