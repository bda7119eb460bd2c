namespace MultiProc.Scheduling;

/// <summary>Where the outcome of work goes. Each item is told once. Called from any thread, never under a lock.</summary>
internal interface ICompletionSink
{
    /// <summary>Items returned: <paramref name="body"/> holds their results, each behind its length. It is valid during the call only.</summary>
    void OnValues(Work work, int firstItem, int count, ReadOnlyMemory<byte> body);

    /// <summary>An item failed.</summary>
    void OnFailure(Work work, int item, Exception error);

    /// <summary>An item's place in the source of its map; null for a call on its own.</summary>
    long? IndexOf(int item) => null;
}
