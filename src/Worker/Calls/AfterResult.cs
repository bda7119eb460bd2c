namespace MultiProc.Worker.Calls;

/// <summary>The caller's next step after a result was added to the outbox.</summary>
internal enum AfterResult
{
    /// <summary>The outbox is flushed.</summary>
    Flush,

    /// <summary>The next item of the same chunk runs.</summary>
    NextItem,

    /// <summary>The next unit runs.</summary>
    NextUnit,
}
