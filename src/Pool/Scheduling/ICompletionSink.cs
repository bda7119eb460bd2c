namespace MultiProc.Scheduling;

/// <summary>The receiver of completions. Each item completes once. Called from any thread, never under a lock.</summary>
internal interface ICompletionSink
{
    /// <summary>Items returned. <paramref name="body"/> holds their results, each after its length, and is valid during the call only.</summary>
    void OnValues(Work work, int firstItem, int count, ReadOnlyMemory<byte> body);

    /// <summary>An item failed.</summary>
    void OnFailure(Work work, int item, Exception error);

    /// <summary>An item's index in the source of its map; null for a single call.</summary>
    long? IndexOf(int item) => null;
}
